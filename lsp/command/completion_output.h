// A completion as the command line prints it: as JSON for programs, as a picture for people.
//
// Pure functions. The keys of the object are a promise to scripts: they are added to, not changed.
#pragma once

#include <string>
#include <string_view>

#include "lsp/completion/completer.h"

namespace inpaint::lsp {

/// One object on one line:
///   text            of the best fill, well-formed UTF-8
///   range           {begin, end}: byte offsets in the file that `text` replaces
///   kind            of the hole: "line", "middle"
///   errors_before, errors_baseline, errors_after   null without a grammar
///   probability     of the best fill as a whole
///   confidence      one number for each token of the best fill
///   tokens          how many these are
///   forwards        passes through the model for all alternatives
///   milliseconds    {parse, context, denoise, total}
///   alternatives    [{text, probability}], all of them, the best fill first
///   silence         {id, words, remedy}: why there is no fill; null where there is one
std::string to_json(const Completion& completion);

/// The lines around the hole with the best fill in it, the other fills, or why there is none, and what it
/// all cost.
std::string draw_completion(const Completion& completion, std::string_view text, bool color);

}  // namespace inpaint::lsp
