#include "lsp/feature/silences.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/base/guarded.h"

namespace inpaint::lsp {

Json to_json(const Silence& silence) {
  const SilenceWords& words = words_of(silence.reason);
  return {{"id", words.id}, {"words", to_string(silence)}, {"remedy", words.remedy}};
}

void Silences::add(SilentQuestion question) {
  // Who was answered with nothing is answered; that it can not be kept why is no failure.
  std::ignore = engine::guarded("silence", [&] {
    question.last = std::chrono::system_clock::now();
    const auto alike = std::ranges::find_if(newest_first_, [&](const SilentQuestion& kept) {
      return kept.face == question.face && kept.silence == question.silence &&
             kept.file == question.file;
    });
    if (alike != newest_first_.end()) {
      question.times += alike->times;
      newest_first_.erase(alike);
    }
    newest_first_.push_front(std::move(question));
    if (newest_first_.size() > kKept) newest_first_.pop_back();
    const Silence& newest = newest_first_.front().silence;
    if (newest.reason != SilenceReason::superseded) tell(to_json(newest));
  });
}

void Silences::something_shown() {
  std::ignore = engine::guarded("silence", [&] { tell(nullptr); });
}

void Silences::tell(Json nothing) {
  if (!client_.capabilities.shows_status || nothing == told_) return;
  told_ = nothing;
  client_.notify("inpaint/status", {{"nothing", std::move(nothing)}});
}

}  // namespace inpaint::lsp
