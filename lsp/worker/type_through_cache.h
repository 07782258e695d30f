// Answers at once what was answered before: the same place, or the place after a part of a fill was
// typed.
//
// A fill is a promise about one whole text: the sides of the hole, and what goes between. While the
// user types what the fill says, that whole text stays the same and only the hole's begin fills up.
// So the check is one comparison of texts: the new one must be the old one with a piece of the fill
// put in at the cursor. Editors close brackets by themselves; such closers, right behind the
// cursor, may stand there as well where the fill goes on to write them.
//
// Units: bytes. Cost: O(text) comparison, some microseconds for a usual file; no engine is asked.
// Thread rule: session strand only.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/completion/silence_reason.h"
#include "lsp/document/document.h"

namespace inpaint::lsp {

/// What may stand in a hole of a text, best first.
struct Fills {
  ByteRange hole;
  std::vector<std::string> texts;       // lines end as in the text
  std::optional<Silence> silence = {};  // why there are none
  bool foreseen = false;                // they were there before anybody asked
};

/// What was asked: a place in a text, and how many fills for it.
struct FillPlace {
  Uri uri;
  Snapshot text;
  std::size_t cursor = 0;
  int alternatives = 1;
  bool gate = true;  // what is improbable is not shown
};

class TypeThroughCache {
 public:
  explicit TypeThroughCache(std::size_t capacity = 8) : capacity_(capacity) {}

  void keep(FillPlace place, Fills fills);

  /// The fills for a place that an earlier answer still covers.
  std::optional<Fills> find(const FillPlace& place) const;

  void forget(const Uri& uri);
  void clear() { entries_.clear(); }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    FillPlace place;
    Fills fills;
  };
  std::size_t capacity_;
  std::deque<Entry> entries_;  // newest first
};

/// `fills` were computed for `before`. What of them holds at `cursor` in `text`, which must be the
/// same text or the same with a part of a fill typed; nothing where it is another text.
std::optional<Fills> type_through(const FillPlace& before, const Fills& fills,
                                  std::string_view text, std::size_t cursor);

/// Where the cursor is now, if all that happened to `before` is that something was typed there.
std::optional<std::size_t> cursor_after_typing(const FillPlace& before, std::string_view text);

}  // namespace inpaint::lsp
