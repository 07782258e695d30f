// The formats of published models that fill in the middle, and of those that only go on.
//
//   fim-psm-1     [snippets] <prefix> before <suffix> near far, and behind it <middle>
//   fim-spm-1     [snippets] <suffix> near far <prefix> before, and behind it <middle>
//   fim-file-1    fim-psm-1 with the file's own path in front where there are no snippets either
//   fim-cut-1     fim-psm-1 whose `before` may end with a part of a token
//   prefix-1      before
//
// A snippet, and with one in front of it the file itself, is <file> path "\n" text. `<middle>` opens the
// span: it is the first `<fill_j>` of the special tokens (fim_family.h). A model without such tokens goes
// on behind the last token of `before`.
//
// Sources: "Efficient Training of Language Models to Fill in the Middle", arXiv 2207.14255, section 3;
//          Qwen2.5-Coder, arXiv 2409.12186, section 3.1 and its repository's README (file level and
//          repository level); StarCoder, arXiv 2305.06161; Seed-Coder, arXiv 2506.03524.
#pragma once

#include "engine/prompt/prompt_format.h"

namespace inpaint::engine {

extern const PromptFormat kFimPsm1;
extern const PromptFormat kFimSpm1;
extern const PromptFormat kFimFile1;
extern const PromptFormat kFimCut1;
extern const PromptFormat kPrefix1;

}  // namespace inpaint::engine
