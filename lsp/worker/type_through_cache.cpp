#include "lsp/worker/type_through_cache.h"

#include <algorithm>
#include <utility>

namespace inpaint::lsp {
namespace {

/// More than an editor closes by itself at one key.
constexpr std::size_t kMostClosers = 3;

bool only_closers(std::string_view text) {
  return text.size() <= kMostClosers &&
         text.find_first_not_of(")]}\"'`>") == std::string_view::npos;
}

/// Whether the characters of `few` stand in `text` in their order.
bool is_subsequence(std::string_view few, std::string_view text) {
  for (char c : text) {
    if (!few.empty() && few.front() == c) few.remove_prefix(1);
  }
  return few.empty();
}

}  // namespace

std::optional<Fills> type_through(const FillPlace& before, const Fills& fills,
                                  std::string_view text, std::size_t cursor) {
  const std::string_view old = *before.text;
  if (text.size() < old.size() || cursor < before.cursor || cursor > text.size()) {
    return std::nullopt;
  }
  const std::size_t added = text.size() - old.size();
  const std::size_t n_typed = cursor - before.cursor;
  if (n_typed > added) return std::nullopt;
  if (text.substr(0, before.cursor) != old.substr(0, before.cursor) ||
      text.substr(before.cursor + added) != old.substr(before.cursor)) {
    return std::nullopt;
  }
  if (added == 0) return fills;
  const std::string_view closers = text.substr(cursor, added - n_typed);
  if (!only_closers(closers)) return std::nullopt;

  // What stands between the hole's begin and the cursor now must be what the fill begins with.
  const std::string_view written =
      text.substr(fills.hole.begin, cursor - std::min(cursor, fills.hole.begin));
  Fills rest{.hole = {fills.hole.begin, fills.hole.end + added}, .foreseen = fills.foreseen};
  for (const std::string& fill : fills.texts) {
    if (!fill.starts_with(written)) continue;
    const std::string_view left = std::string_view(fill).substr(written.size());
    if (!left.empty() && is_subsequence(closers, left)) rest.texts.push_back(fill);
  }
  if (rest.texts.empty()) return std::nullopt;
  return rest;
}

std::optional<std::size_t> cursor_after_typing(const FillPlace& before, std::string_view text) {
  const std::string_view old = *before.text;
  if (text.size() < old.size()) return std::nullopt;
  const std::size_t added = text.size() - old.size();
  if (text.substr(0, before.cursor) != old.substr(0, before.cursor) ||
      text.substr(before.cursor + added) != old.substr(before.cursor)) {
    return std::nullopt;
  }
  return before.cursor + added;
}

void TypeThroughCache::keep(FillPlace place, Fills fills) {
  entries_.push_front({std::move(place), std::move(fills)});
  if (entries_.size() > capacity_) entries_.pop_back();
}

std::optional<Fills> TypeThroughCache::find(const FillPlace& place) const {
  for (const Entry& entry : entries_) {
    if (entry.place.uri != place.uri || entry.place.alternatives < place.alternatives) continue;
    // Who asks in person wants to see what was withheld.
    if (entry.fills.texts.empty() && entry.place.gate && !place.gate) continue;
    auto fills = type_through(entry.place, entry.fills, *place.text, place.cursor);
    if (fills) return fills;
  }
  return std::nullopt;
}

void TypeThroughCache::forget(const Uri& uri) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.place.uri == uri; });
}

}  // namespace inpaint::lsp
