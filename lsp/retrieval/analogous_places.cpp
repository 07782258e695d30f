#include "lsp/retrieval/analogous_places.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

namespace inpaint::lsp {
namespace {

using Kind = Lexeme::Kind;

constexpr std::size_t kFarthest = 60;  // lexemes that are compared
constexpr std::size_t kLeast = 3;      // that have to be alike
constexpr std::size_t kPlaces = 64;
// Real code takes some two comparisons a lexeme, a text of brackets alone sixty: the nearest ones are
// looked at then.
constexpr std::size_t kMostCompared = 500'000;

/// What a lexeme that is alike says for its place.
constexpr double kEqual = 1.0;
constexpr double kRenamed = 0.2;
constexpr double kWhite = 0.3;

/// Pairs of ids, one to one. A place has a few dozen names at most.
class IdRenaming {
 public:
  enum class Added : std::uint8_t { no, known, fresh };
  Added add(std::uint32_t from, std::uint32_t to) {
    for (const auto& [a, b] : pairs_)
      if (a == from || b == to) return a == from && b == to ? Added::known : Added::no;
    pairs_.emplace_back(from, to);
    return Added::fresh;
  }
  void clear() { pairs_.clear(); }

 private:
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_;
};

/// The place in front of `lexeme`, as far as it is like the one in front of the hole.
AnalogousPlace place_at(const SearchedTexts& texts, std::size_t number, std::size_t lexeme,
                        IdRenaming& renaming) {
  const Lexemes& text = texts[number];
  const Lexemes& before = texts.before();
  AnalogousPlace place{.text = number, .lexeme = lexeme};
  renaming.clear();
  for (const std::size_t most = std::min({kFarthest, lexeme, before.size()}); place.alike < most;
       ++place.alike) {
    const Lexeme& theirs = text[lexeme - 1 - place.alike];
    const Lexeme& ours = before[before.size() - 1 - place.alike];
    if (theirs.kind != ours.kind) break;
    if (ours.kind == Kind::line_end || ours.kind == Kind::blank) {
      place.score += kWhite;
    } else if (!texts.is_renamable(ours)) {
      if (theirs.id != ours.id) break;
      place.score += kEqual;
    } else {
      if (!texts.is_renamable(theirs)) break;
      const IdRenaming::Added added = renaming.add(theirs.id, ours.id);
      if (added == IdRenaming::Added::no) break;
      const bool renames = added == IdRenaming::Added::fresh && theirs.id != ours.id;
      place.score += renames ? kRenamed : kEqual;
      place.renamed += renames ? 1 : 0;
    }
  }
  return place;
}

}  // namespace

std::vector<AnalogousPlace> find_analogous_places(const SearchedTexts& texts) {
  std::vector<AnalogousPlace> places;
  IdRenaming renaming;
  std::size_t compared = 0;
  for (std::size_t number = 0; number < texts.size(); ++number) {
    const Lexemes& text = texts[number];
    // In front of the hole the nearest are the last ones.
    for (std::size_t n = kLeast; n < text.size() && compared < kMostCompared; ++n) {
      const std::size_t i = number == SearchedTexts::kBefore ? text.size() + kLeast - 1 - n : n;
      if (!texts.stem().empty() && !text[i].is_name()) continue;
      const AnalogousPlace place = place_at(texts, number, i, renaming);
      compared += place.alike + 1;
      if (place.alike >= kLeast) places.push_back(place);
    }
  }
  std::ranges::stable_sort(places, std::ranges::greater{}, &AnalogousPlace::score);
  if (places.size() > kPlaces) places.resize(kPlaces);
  return places;
}

}  // namespace inpaint::lsp
