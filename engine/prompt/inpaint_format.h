// The format of the embedded model:
//
//   <file> path [<snippet> path text]* <far> far <prefix> before <near> near
//
// What changes with every key stands at the end: typing changes the end of `before` and the short
// `near`, and the cached keys and values of all that stands in front of them stay exact.
//
// Source: ARCHITECTURE.md, "The embedded model".
#pragma once

#include "engine/prompt/prompt_format.h"

namespace inpaint::engine {

extern const PromptFormat kInpaint1;

}  // namespace inpaint::engine
