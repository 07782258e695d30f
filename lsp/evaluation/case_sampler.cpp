#include "lsp/evaluation/case_sampler.h"

#include <algorithm>
#include <array>
#include <bit>

#include "engine/base/utf8.h"
#include "grammar/base/ascii.h"
#include "grammar/base/text_lines.h"
#include "grammar/hole/hole_picker.h"

namespace inpaint::lsp {
namespace {

using grammar::HoleKind;
using grammar::PickedKind;

constexpr int kTries = 40;

/// Uniform in [0, n). The distributions of <random> differ between libraries.
std::size_t below(std::size_t n, std::mt19937_64& random) {
  return n == 0 ? 0 : static_cast<std::size_t>(random() % n);
}

bool with_percent(std::size_t percent, std::mt19937_64& random) {
  return below(100, random) < percent;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_wordlike(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80U;
}

bool has_word(std::string_view text) { return std::ranges::any_of(text, is_wordlike); }
bool is_white(std::string_view text) { return std::ranges::all_of(text, is_space); }

/// The nearest border at or before `byte` that cuts neither a character nor \r\n.
std::size_t border(std::string_view text, std::size_t byte) {
  while (byte > 0 && byte < text.size() && engine::is_continuation(text[byte])) --byte;
  if (byte > 0 && byte < text.size() && text[byte] == '\n' && text[byte - 1] == '\r') --byte;
  return byte;
}

}  // namespace

CaseSampler::CaseSampler(std::string_view text, const grammar::Language* language) : text_(text) {
  for (std::size_t at = grammar::text_begin(text); at < text.size();) {
    const grammar::Line line = grammar::line_at(text, at);
    if (!grammar::is_blank(text.substr(line.begin, line.end - line.begin)))
      lines_.push_back(line.begin);
    if (line.next <= at) break;
    at = line.next;
  }
  if (language != nullptr) tree_ = grammar::SyntaxTree::parse(*language, text);
}

std::optional<ByteRange> CaseSampler::draw(HoleKind kind, std::mt19937_64& random) const {
  if (lines_.empty()) return std::nullopt;
  switch (kind) {
    case HoleKind::line: return draw_line(random);
    case HoleKind::block: return draw_block(random);
    default: return draw_span(random);
  }
}

bool CaseSampler::is_comment_or_string(std::size_t byte) const {
  if (tree_) {
    return std::ranges::any_of(tree_->nodes_at(byte), [](const grammar::Node& node) {
      return node.type.ends_with("comment") || node.type.find("string") != std::string_view::npos;
    });
  }
  constexpr std::array<std::string_view, 6> kSigns = {"//", "/*", "*", "#", "--", ";"};
  return std::ranges::any_of(
      kSigns, [&](std::string_view sign) { return text_.substr(byte).starts_with(sign); });
}

std::optional<ByteRange> CaseSampler::draw_line(std::mt19937_64& random) const {
  for (int i = 0; i < kTries; ++i) {
    const grammar::Line line = grammar::line_at(text_, lines_[below(lines_.size(), random)]);
    ByteRange hole{line.begin, line.end};
    while (hole.begin < hole.end && grammar::is_blank(text_[hole.begin])) ++hole.begin;
    while (hole.end > hole.begin && grammar::is_blank(text_[hole.end - 1])) --hole.end;
    const std::size_t first_word = hole.begin;
    if (with_percent(50, random)) hole.begin += below(hole.size(), random);
    hole.begin = border(text_, hole.begin);
    while (hole.begin < hole.end && grammar::is_blank(text_[hole.begin])) ++hole.begin;
    const std::string_view target = text_.substr(hole.begin, hole.size());
    if (target.empty() || target.size() > kLongestTarget) continue;
    const bool dull = is_comment_or_string(first_word) || !has_word(target);
    if (dull && !with_percent(5, random)) continue;
    return hole;
  }
  return std::nullopt;
}

std::optional<ByteRange> CaseSampler::draw_block(std::mt19937_64& random) const {
  if (!tree_) return std::nullopt;
  for (int i = 0; i < kTries * 4; ++i) {
    const auto picked =
        grammar::pick_hole(&*tree_, text_, {0, text_.size()}, kLongestTarget, random);
    if (!picked || (picked->kind != PickedKind::statement && picked->kind != PickedKind::body))
      continue;
    // White space before the first word is the hole's only on a line that it owns; a cursor behind
    // it is what an editor has after its automatic indentation.
    ByteRange hole = picked->range;
    while (hole.begin < hole.end && grammar::is_blank(text_[hole.begin])) ++hole.begin;
    while (hole.end > hole.begin && is_space(text_[hole.end - 1])) --hole.end;
    const std::string_view target = text_.substr(hole.begin, hole.size());
    if (target.empty() || !has_word(target) || is_comment_or_string(hole.begin)) continue;
    return hole;
  }
  return std::nullopt;
}

std::optional<ByteRange> CaseSampler::draw_span(std::mt19937_64& random) const {
  for (int i = 0; i < kTries; ++i) {
    const auto magnitude = below(static_cast<std::size_t>(std::bit_width(kLongestTarget)), random);
    const std::size_t size = std::min(
        (std::size_t{1} << magnitude) + below(std::size_t{1} << magnitude, random), kLongestTarget);
    const std::size_t first = grammar::text_begin(text_);
    ByteRange hole;
    hole.begin = border(text_, first + below(text_.size() - first, random));
    hole.end = border(text_, std::min(hole.begin + size, text_.size()));
    if (hole.begin >= hole.end || is_white(text_.substr(hole.begin, hole.size()))) continue;
    return hole;
  }
  return std::nullopt;
}

EvalCase CaseSampler::cut(ByteRange hole, std::size_t max_context_bytes) const {
  const std::size_t most_before = max_context_bytes / 3 * 2;
  const std::size_t most_after = max_context_bytes / 3;
  ByteRange window{0, text_.size()};
  if (hole.begin > most_before) {
    window.begin = border(text_, hole.begin - most_before);
    const std::size_t newline = text_.substr(0, hole.begin).find('\n', window.begin);
    if (newline != std::string_view::npos) window.begin = newline + 1;
  }
  if (text_.size() - hole.end > most_after) {
    window.end = border(text_, hole.end + most_after);
    const std::size_t newline = text_.substr(0, window.end).rfind('\n');
    if (newline != std::string_view::npos && newline >= hole.end) window.end = newline + 1;
  }
  EvalCase cut;
  cut.prefix = text_.substr(window.begin, hole.begin - window.begin);
  cut.target = text_.substr(hole.begin, hole.size());
  cut.suffix = text_.substr(hole.end, window.end - hole.end);
  return cut;
}

bool looks_generated(std::string_view text) {
  constexpr std::size_t kTop = 1500;
  constexpr std::size_t kLongestLine = 1000;
  const std::string top = grammar::lowered(text.substr(0, kTop));
  constexpr std::array<std::string_view, 7> kSigns = {
      "code generated", "do not edit",       "do not modify",    "@generated",
      "auto-generated", "automatically gen", "machine generated"};
  if (std::ranges::any_of(
          kSigns, [&](std::string_view sign) { return top.find(sign) != std::string::npos; }))
    return true;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end - begin > kLongestLine) return true;
    begin = end + 1;
  }
  return false;
}

std::uint64_t seed_of(std::string_view name, std::uint64_t seed) {
  // FNV-1a, 64 bits, with the seed's bytes before the name's.
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto add = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3ULL; };
  for (int shift = 0; shift < 64; shift += 8) add(static_cast<unsigned char>(seed >> shift));
  for (const char c : name) add(static_cast<unsigned char>(c));
  return hash;
}

}  // namespace inpaint::lsp
