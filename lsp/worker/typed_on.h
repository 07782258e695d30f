// What somebody has typed since they asked, while the answer is still being written.
//
// A line takes longer to write than a key to press. Were each key to end the work on the one before, nothing
// would be answered until somebody pauses; so work goes on as long as what is typed may be what is
// being written, and its answer then serves the newest question.
//
// Units: bytes.   Thread rule: any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "engine/engine.h"
#include "lsp/worker/type_through_cache.h"

namespace inpaint::lsp {

/// Whether all that happened to a place is that something was typed there, on its line.
inline bool is_typed_on(const FillPlace& before, const FillPlace& after) {
  if (before.uri != after.uri || after.cursor <= before.cursor) return false;
  const auto end = cursor_after_typing(before, *after.text);
  if (!end || after.cursor > *end) return false;  // behind the cursor: what the editor has closed
  const auto typed =
      std::string_view(*after.text).substr(before.cursor, after.cursor - before.cursor);
  return typed.find('\n') == std::string_view::npos;
}

class TypedOn {
 public:
  /// The newest question: a place that is_typed_on().
  void move(const FillPlace& place) {
    const std::lock_guard lock(mutex_);
    text_ = place.text;
    cursor_ = place.cursor;
  }

  /// Whether a fill that begins like this, at byte `begin`, may yet say what was typed.
  bool may_become(std::size_t begin, const engine::Step& step) const {
    const std::lock_guard lock(mutex_);
    if (!text_ || begin > cursor_) return true;
    std::string_view typed = std::string_view(*text_).substr(begin, cursor_ - begin);
    for (const engine::SpanToken& token : step.tokens) {
      if (token.state == engine::SpanToken::State::mask) break;
      const std::size_t both = std::min(token.text.size(), typed.size());
      if (typed.substr(0, both) != std::string_view(token.text).substr(0, both)) return false;
      typed.remove_prefix(both);
    }
    return true;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const std::string> text_;  // null: nothing was typed
  std::size_t cursor_ = 0;
};

}  // namespace inpaint::lsp
