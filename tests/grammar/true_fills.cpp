#include "tests/grammar/true_fills.h"

#include <algorithm>

#include "grammar/hole_picker.h"
#include "grammar/text_lines.h"

namespace inpaint::grammar {
namespace {

std::size_t below(std::mt19937_64& random, std::size_t n) {
  return n == 0 ? 0 : static_cast<std::size_t>(random() % n);
}

std::vector<std::size_t> places_of(std::string_view text, std::string_view bytes) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (bytes.contains(text[i])) places.push_back(i);
  return places;
}

/// What a picker of the kind's holes is asked for.
std::optional<TrueFill> picked(std::string_view file, const SyntaxTree& tree, HoleKind kind,
                               std::mt19937_64& random) {
  constexpr std::size_t kMaxBytes = 600;
  for (int i = 0; i < 60; ++i) {
    const auto hole = pick_hole(&tree, file, {0, file.size()}, kMaxBytes, random);
    if (!hole) continue;
    const std::string_view text = file.substr(hole->range.begin, hole->range.size());
    const bool fits = (kind == HoleKind::expression && hole->kind == PickedKind::expression) ||
                      (kind == HoleKind::argument && hole->kind == PickedKind::argument) ||
                      (kind == HoleKind::statement && hole->kind == PickedKind::statement) ||
                      (kind == HoleKind::block && hole->kind == PickedKind::body) ||
                      (kind == HoleKind::span && hole->kind == PickedKind::lines);
    const bool one_line = kind == HoleKind::expression || kind == HoleKind::argument;
    if (!fits || text.empty() || (one_line && text.contains('\n'))) continue;
    return TrueFill{kind, hole->range, std::string(text)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<TrueFill> draw_true_fill(std::string_view file, const SyntaxTree& tree, HoleKind kind,
                                       std::mt19937_64& random) {
  if (kind != HoleKind::line && kind != HoleKind::middle) return picked(file, tree, kind, random);
  const Line line = line_at(file, below(random, file.size()));
  const std::size_t first = std::min(file.find_first_not_of(" \t", line.begin), line.end);
  if (line.end - first < 4) return std::nullopt;
  const std::size_t begin = first + below(random, line.end - first - 1);
  std::size_t end = line.end;
  if (kind == HoleKind::middle) end = begin + 1 + below(random, line.end - begin - 1);
  // Not inside of a character.
  const auto cuts = [&](std::size_t at) {
    return at < file.size() && (static_cast<unsigned char>(file[at]) & 0xC0U) == 0x80U;
  };
  if (cuts(begin) || cuts(end)) return std::nullopt;
  return TrueFill{kind, {begin, end}, std::string(file.substr(begin, end - begin))};
}

std::string_view to_string(Mutation mutation) {
  switch (mutation) {
    case Mutation::bracket_doubled: return "bracket doubled";
    case Mutation::bracket_dropped: return "bracket dropped";
    case Mutation::quote: return "unclosed quote";
    case Mutation::dedent: return "wrong dedent";
    case Mutation::other_text: return "another hole's text";
  }
  return "unknown";
}

std::optional<std::string> mutated(std::string_view fill, Mutation mutation, std::string_view other,
                                   std::mt19937_64& random) {
  std::string text(fill);
  switch (mutation) {
    case Mutation::bracket_doubled:
    case Mutation::bracket_dropped: {
      const auto places = places_of(fill, "()[]{}");
      if (places.empty()) return std::nullopt;
      const std::size_t at = places[below(random, places.size())];
      if (mutation == Mutation::bracket_dropped) {
        text.erase(at, 1);
      } else {
        text.insert(at, 1, fill[at]);
      }
      return text;
    }
    case Mutation::quote: text.insert(below(random, fill.size() + 1), 1, '"'); return text;
    case Mutation::dedent: {
      const auto ends = places_of(fill, "\n");
      if (ends.empty()) return std::nullopt;
      const std::size_t begin = ends[below(random, ends.size())] + 1;
      const std::size_t first = text.find_first_not_of(' ', begin);
      if (first == std::string::npos || first < begin + 2) return std::nullopt;
      text.erase(begin, 1 + below(random, first - begin));
      return text;
    }
    case Mutation::other_text:
      if (other == fill) return std::nullopt;
      return std::string(other);
  }
  return std::nullopt;
}

std::string filled(std::string_view file, ByteRange range, std::string_view fill) {
  return std::string(file.substr(0, range.begin)) + std::string(fill) +
         std::string(file.substr(range.end));
}

}  // namespace inpaint::grammar
