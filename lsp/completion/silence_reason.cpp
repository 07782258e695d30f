#include "lsp/completion/silence_reason.h"

#include <array>
#include <cstddef>

namespace inpaint::lsp {
namespace {

// In the order of SilenceReason. "By hand" is what an editor's key for a suggestion does.
constexpr std::array<SilenceWords, kSilenceReasons> kWords = {{
    {"switchedOff", "Inpaint is switched off", "set inpaint.enabled to true"},
    {"snoozed", "Inpaint is snoozed", "wait until that is over, or set inpaint.snooze to false"},
    {"outOfStep", "a change of the document was missed", "close the file and open it again"},
    {"hugeFile", "the file is too large", "work in a smaller file"},
    {"languageOff", "the language is switched off", "take it out of inpaint.languagesOff"},
    {"excludedFile", "the file is excluded by a pattern",
     "take the pattern out of inpaint.excludedFiles"},
    {"secretFile", "it holds secrets, which no model is shown",
     "keep code in a file without secrets"},
    {"unmodified", "nothing was changed since the file was opened", "type, or ask by hand"},
    {"deletion", "text was deleted here just now", "type on, or ask by hand"},
    {"selectedLines", "the item that the menu has selected is of several lines",
     "accept the item, or close the menu"},
    {"noItems", "suggestions are not offered in the menu", "set inpaint.completionItems to on"},
    {"noModel", "there is no model", "see `inpaint doctor`, then restart the server"},
    {"loadingCancelled", "loading the model was cancelled", "ask by hand: that loads it"},
    {"loading", "the model is being loaded", "wait until it is"},
    {"failed", "the suggestion could not be made", "see the server's log, and `inpaint doctor`"},
    {"superseded", "the next key, or the editor, took the question back", "pause while typing"},
    {"late", "the suggestion was not ready in time",
     "ask again, or set inpaint.completionDeadlineMs higher"},
    {"deadline", "the model was stopped at the deadline",
     "ask again, or set inpaint.deadlineMs higher"},
    {"nothingWritten", "the model would write nothing here",
     "type on, or choose a larger model (`inpaint models list`)"},
    {"repeats", "what was written stands beside the cursor already", "type on"},
    {"unparsable", "with what was written the file would not parse",
     "type on, or ask by hand for alternatives"},
    {"improbable", "not probable enough", "ask by hand, or set inpaint.gate to false"},
    {"offLine", "what was written would change more than an editor shows here",
     "accept the item of the menu, or type on"},
}};

}  // namespace

const SilenceWords& words_of(SilenceReason reason) {
  return kWords[static_cast<std::size_t>(reason)];
}

std::string to_string(const Silence& silence) {
  std::string text(words_of(silence.reason).words);
  if (!silence.detail.empty()) text += ": " + silence.detail;
  return text;
}

}  // namespace inpaint::lsp
