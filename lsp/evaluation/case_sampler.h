// Cuts pieces out of source files whose missing piece is then known.
//
//   line   the rest of a line, from its first word or from any place in it; seldom a comment, a
//          string over lines or mere punctuation
//   block  a statement or the inside of a body, as the tree has them (grammar::pick_hole), often
//          without its beginning
//   span   edges that belong to nothing; every order of magnitude of lengths is as likely as another
// Targets have 1 to kLongestTarget bytes and are never blank. They do not cut a character or a line
// end.
//
// Deterministic: the same text, path and state of `random` give the same cases on every machine.
//
// Units: bytes.
// Cost:  a parse, and a few tree walks a case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/base/byte_range.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/evaluation/eval_case.h"

namespace inpaint::lsp {

using grammar::ByteRange;

inline constexpr std::size_t kLongestTarget = 400;

/// One file from which cases are cut.
class CaseSampler {
 public:
  /// The text must outlive the sampler. `language`: null, there is no grammar and are no blocks.
  CaseSampler(std::string_view text, const grammar::Language* language);

  /// Where to cut; `kind` is line, block or span. Nothing when no place of the file will do.
  std::optional<ByteRange> draw(grammar::HoleKind kind, std::mt19937_64& random) const;

  /// The parts of a case: at most `max_context_bytes` of prefix and suffix, cut at line borders
  /// where lines are of a sane length; two thirds of it are the prefix.
  EvalCase cut(ByteRange hole, std::size_t max_context_bytes) const;

 private:
  std::optional<ByteRange> draw_line(std::mt19937_64& random) const;
  std::optional<ByteRange> draw_block(std::mt19937_64& random) const;
  std::optional<ByteRange> draw_span(std::mt19937_64& random) const;
  bool is_comment_or_string(std::size_t byte) const;

  std::string_view text_;
  std::vector<std::size_t> lines_;  // where those that are not blank begin
  std::optional<grammar::SyntaxTree> tree_;
};

/// True for what a program wrote: it says so at its top, or its lines are of a length that nobody
/// types.
bool looks_generated(std::string_view text);

/// A seed that differs for every name and run.
std::uint64_t seed_of(std::string_view name, std::uint64_t seed);

}  // namespace inpaint::lsp
