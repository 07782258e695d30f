#include "grammar/hole/hole_picker.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <vector>

#include "grammar/tree/node_kind.h"

namespace inpaint::grammar {
namespace {

/// A node that is worth filling, and the part of it that is filled.
struct Target {
  ByteRange range;
  PickedKind kind = PickedKind::free;
};

/// How often each kind of node is drawn, where all are at hand.
struct KindWeight {
  PickedKind kind;
  std::size_t weight;
};
constexpr std::array kWeights = {
    KindWeight{PickedKind::expression, 40}, KindWeight{PickedKind::argument, 15},
    KindWeight{PickedKind::statement, 30}, KindWeight{PickedKind::body, 15}};

PickedKind picked_kind(const Node& node) {
  switch (kind_of(node)) {
    case NodeKind::text:
    case NodeKind::error: return PickedKind::free;
    case NodeKind::body: return PickedKind::body;
    case NodeKind::statement: return PickedKind::statement;
    case NodeKind::element: return PickedKind::argument;
    case NodeKind::list:
    case NodeKind::expression: break;
  }
  return PickedKind::expression;
}

bool is_word(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

class Picker {
 public:
  Picker(const SyntaxTree* tree, std::string_view text, ByteRange within, std::size_t max_bytes,
         std::mt19937_64& random)
      : tree_(tree), text_(text), within_(within), max_bytes_(max_bytes), random_(random) {}

  std::optional<PickedHole> pick() {
    // A draw may not fit: the node ends too far away, or there is none. What fits always is tried
    // last, and fails only where a single character is longer than max_bytes.
    constexpr int kTries = 8;
    for (int i = 0; i < kTries; ++i)
      if (const auto hole = fitting(draw_left())) return hole;
    return checked({draw_anywhere(), draw_anywhere()}, PickedKind::free);
  }

 private:
  // -- chance ------------------------------------------------------------------------------------
  /// Uniform in [0, n); the bias of the remainder is below n / 2^64.
  std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random_() % n); }
  bool with_percent(std::size_t percent) { return below(100) < percent; }

  // -- places ------------------------------------------------------------------------------------
  /// The nearest border at or before `byte` that cuts neither a character nor \r\n.
  std::size_t border(std::size_t byte) const {
    while (byte > 0 && byte < text_.size() &&
           (static_cast<unsigned char>(text_[byte]) & 0xC0U) == 0x80U)
      --byte;
    if (byte > 0 && byte < text_.size() && text_[byte] == '\n' && text_[byte - 1] == '\r') --byte;
    return byte;
  }

  /// Where the line that holds `byte` ends, before its line break; the range's end if it is nearer.
  std::size_t line_end(std::size_t byte) const {
    std::size_t end = text_.find('\n', byte);
    if (end == std::string_view::npos) end = text_.size();
    return border(std::min(end, within_.end));
  }

  /// The begin of the line when only blanks stand between it and `byte`, else `byte`.
  std::size_t with_indentation(std::size_t byte) const {
    std::size_t begin = byte;
    while (begin > within_.begin && is_blank(text_[begin - 1])) --begin;
    return begin == 0 || text_[begin - 1] == '\n' ? begin : byte;
  }

  /// The first byte after the blanks: a left edge in the indentation means the node after it.
  std::size_t after_blanks(std::size_t byte) const {
    while (byte < within_.end && is_blank(text_[byte])) ++byte;
    return byte;
  }

  // -- the left edge -----------------------------------------------------------------------------
  std::size_t draw_anywhere() { return border(within_.begin + below(within_.size() + 1)); }

  std::size_t draw_left() {
    const std::size_t place = draw_anywhere();
    if (with_percent(60)) return with_percent(50) ? inside_word_after(place) : place;
    if (const auto target = draw_target(place)) {
      const std::size_t begin = target->range.begin;
      return with_percent(50) ? with_indentation(begin) : begin;
    }
    return place;
  }

  std::size_t inside_word_after(std::size_t place) {
    std::size_t begin = place;
    while (begin < within_.end && !is_word(text_[begin])) ++begin;
    while (begin > within_.begin && begin < within_.end && is_word(text_[begin - 1])) --begin;
    std::size_t end = begin;
    while (end < within_.end && is_word(text_[end])) ++end;
    return end - begin < 2 ? place : border(begin + 1 + below(end - begin - 1));
  }

  // -- the right edge ----------------------------------------------------------------------------
  std::optional<PickedHole> fitting(std::size_t left) {
    const std::size_t draw = below(100);
    if (draw < 30 || (tree_ == nullptr && draw < 88)) return to_line_end(left);
    if (draw < 60) return to_node_end(left);
    if (draw < 88) {
      const auto target = draw_target(after_blanks(left));
      if (!target) return std::nullopt;
      return checked({left, target->range.end}, target->kind);
    }
    // Anywhere: every order of magnitude of lengths is as likely as another.
    const auto magnitude = below(static_cast<std::size_t>(std::bit_width(max_bytes_)));
    const std::size_t size = (std::size_t{1} << magnitude) + below(std::size_t{1} << magnitude);
    return checked({left, left + size}, PickedKind::free);
  }

  std::optional<PickedHole> to_line_end(std::size_t left) {
    std::size_t end = line_end(left);
    PickedKind kind = PickedKind::rest_of_line;
    for (bool more = with_percent(25); more; more = with_percent(60)) {
      std::size_t next = end;
      if (next < text_.size() && text_[next] == '\r') ++next;
      if (next >= within_.end || text_[next] != '\n') break;
      const std::size_t next_end = line_end(next + 1);
      if (next_end - left > max_bytes_) break;
      end = next_end;
      kind = PickedKind::lines;
    }
    return checked({left, end}, kind);
  }

  std::optional<PickedHole> to_node_end(std::size_t left) {
    const std::vector<Target> targets = targets_at(after_blanks(left), max_bytes_, true);
    if (targets.empty()) return std::nullopt;
    const Target& target = targets[below(targets.size())];
    return checked({left, target.range.end}, target.kind);
  }

  // -- nodes -------------------------------------------------------------------------------------
  /// The nodes that cover `place` and end at most `reach` after it. Unless all are asked for, only
  /// those that fit into a hole as a whole and are of a kind that is drawn for its own sake.
  std::vector<Target> targets_at(std::size_t place, std::size_t reach, bool all) const {
    std::vector<Target> targets;
    for (const Node& node : tree_->nodes_at(place)) {
      if (node.parent.empty()) continue;  // the file itself
      Target target{node.range, picked_kind(node)};
      if (target.kind == PickedKind::body && node.inside.contains(place))
        target.range = node.inside;
      if (target.range.end > within_.end || target.range.end - place > reach) continue;
      const bool whole = target.range.begin >= within_.begin && target.range.size() <= max_bytes_;
      if (all || (whole && target.kind != PickedKind::free)) targets.push_back(target);
    }
    return targets;
  }

  std::optional<Target> draw_target(std::size_t place) {
    if (tree_ == nullptr) return std::nullopt;
    const std::vector<Target> targets = targets_at(place, max_bytes_, false);
    std::size_t total = 0;
    const auto count = [&](PickedKind kind) {
      return static_cast<std::size_t>(std::ranges::count(targets, kind, &Target::kind));
    };
    for (const KindWeight& w : kWeights) total += count(w.kind) > 0 ? w.weight : 0;
    if (total == 0) return std::nullopt;
    std::size_t draw = below(total);
    for (const KindWeight& w : kWeights) {
      const std::size_t n = count(w.kind);
      if (n == 0) continue;
      if (draw >= w.weight) {
        draw -= w.weight;
        continue;
      }
      std::size_t which = below(n);
      for (const Target& target : targets)
        if (target.kind == w.kind && which-- == 0) return target;
    }
    assert(false);  // the weights add up to `total`
    return std::nullopt;
  }

  // -- the whole ---------------------------------------------------------------------------------
  std::optional<PickedHole> checked(ByteRange range, PickedKind kind) const {
    if (range.begin > range.end) std::swap(range.begin, range.end);
    if (kind == PickedKind::free) range.end = border(std::min(range.end, within_.end));
    if (range.begin < within_.begin || range.end > within_.end || range.begin > range.end)
      return std::nullopt;
    if (range.size() > max_bytes_) {
      if (kind != PickedKind::free) return std::nullopt;
      range.end = border(range.begin + max_bytes_);
    }
    return PickedHole{range, kind};
  }

  const SyntaxTree* tree_;
  std::string_view text_;
  ByteRange within_;
  std::size_t max_bytes_;
  std::mt19937_64& random_;
};

}  // namespace

std::optional<PickedHole> pick_hole(const SyntaxTree* tree, std::string_view text, ByteRange within,
                                    std::size_t max_bytes, std::mt19937_64& random) {
  assert(within.begin <= within.end && within.end <= text.size());
  if (within.size() == 0 || max_bytes == 0) return std::nullopt;
  return Picker(tree, text, within, max_bytes, random).pick();
}

}  // namespace inpaint::grammar
