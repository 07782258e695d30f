#include "tests/grammar/check/true_fills.h"

#include <algorithm>

#include "grammar/base/text_lines.h"
#include "grammar/tree/node_kind.h"

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

constexpr std::size_t kMaxBytes = 600;

bool starts_inside_a_character(std::string_view file, std::size_t at) {
  return at < file.size() && (static_cast<unsigned char>(file[at]) & 0xC0U) == 0x80U;
}

/// What is left of `node` from `place` on, or all of it. A body: of what is inside of it, with the
/// indentation of its first line.
std::optional<TrueFill> rest_of(std::string_view file, const Node& node, std::size_t place,
                                HoleKind kind, std::mt19937_64& random) {
  ByteRange range = kind == HoleKind::block ? node.inside : node.range;
  if (random() % 2 == 0 && range.contains(place) && !starts_inside_a_character(file, place)) {
    range.begin = place;
  } else if (kind == HoleKind::block) {
    const Line line = line_at(file, range.begin);
    if (is_blank(file.substr(line.begin, range.begin - line.begin))) range.begin = line.begin;
  }
  if (range.size() == 0 || range.size() > kMaxBytes) return std::nullopt;
  return TrueFill{kind, range, std::string(file.substr(range.begin, range.size()))};
}

/// The innermost node of the kind at some place that is no white space.
std::optional<TrueFill> of_tree(std::string_view file, const SyntaxTree& tree, HoleKind kind,
                                std::mt19937_64& random) {
  const std::size_t place = below(random, file.size());
  if (std::string_view(" \t\r\n").contains(file[place])) return std::nullopt;
  const std::vector<Node> nodes = tree.nodes_at(place);
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    const NodeKind found = kind_of(*node);
    if (found == NodeKind::text || node->parent.empty()) return std::nullopt;
    const bool one_line = !file.substr(node->range.begin, node->range.size()).contains('\n');
    switch (kind) {
      case HoleKind::expression:
        if (found != NodeKind::expression || !one_line) return std::nullopt;
        if (random() % 2 == 0) return rest_of(file, *node, place, kind, random);
        break;
      case HoleKind::argument:
        if (found == NodeKind::element && one_line)
          return rest_of(file, *node, place, kind, random);
        if (found != NodeKind::expression) return std::nullopt;
        break;
      case HoleKind::statement:
        if (found == NodeKind::body) return std::nullopt;
        if (found == NodeKind::statement) return rest_of(file, *node, place, kind, random);
        break;
      default:
        if (found == NodeKind::body) return rest_of(file, *node, place, kind, random);
        break;
    }
  }
  return std::nullopt;
}

/// From some place to the end of a later line.
std::optional<TrueFill> lines(std::string_view file, std::mt19937_64& random) {
  const std::size_t begin = below(random, file.size());
  if (starts_inside_a_character(file, begin)) return std::nullopt;
  std::size_t end = line_at(file, begin).end;
  for (std::size_t n = 1 + below(random, 5); n > 0 && end < file.size(); --n)
    end = line_at(file, line_at(file, end).next).end;
  if (end == begin) return std::nullopt;
  return TrueFill{HoleKind::span, {begin, end}, std::string(file.substr(begin, end - begin))};
}

}  // namespace

std::optional<TrueFill> draw_true_fill(std::string_view file, const SyntaxTree& tree, HoleKind kind,
                                       std::mt19937_64& random) {
  if (kind == HoleKind::span) return lines(file, random);
  if (kind != HoleKind::line && kind != HoleKind::middle) {
    constexpr int kTries = 4;  // most places are in white space, or in something else
    for (int i = 0; i < kTries; ++i)
      if (auto fill = of_tree(file, tree, kind, random)) return fill;
    return std::nullopt;
  }
  const Line line = line_at(file, below(random, file.size()));
  const std::size_t first = std::min(file.find_first_not_of(" \t", line.begin), line.end);
  if (line.end - first < 4) return std::nullopt;
  const std::size_t begin = first + below(random, line.end - first - 1);
  std::size_t end = line.end;
  if (kind == HoleKind::middle) end = begin + 1 + below(random, line.end - begin - 1);
  if (starts_inside_a_character(file, begin) || starts_inside_a_character(file, end))
    return std::nullopt;
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
