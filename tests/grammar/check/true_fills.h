// Holes cut into whole files, with the text that was there, and texts that are nearly it.
//
// The true fill is what a completion would have to be; a mutant is the kind of mistake that a
// denoiser makes. Drawn from a seed, so that every run sees the same.
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
#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {

struct TrueFill {
  HoleKind kind = HoleKind::line;
  ByteRange range;   // of the whole file
  std::string text;  // what stands there
};

/// A hole of the kind; nothing where the draw does not fit.
std::optional<TrueFill> draw_true_fill(std::string_view file, const SyntaxTree& tree, HoleKind kind,
                                       std::mt19937_64& random);

enum class Mutation : std::uint8_t { bracket_doubled, bracket_dropped, quote, dedent, other_text };
constexpr Mutation kMutations[] = {Mutation::bracket_doubled, Mutation::bracket_dropped,
                                   Mutation::quote, Mutation::dedent, Mutation::other_text};
std::string_view to_string(Mutation mutation);

/// The fill with one mistake; `other` is a fill of another hole. Nothing where there is nothing to
/// mutate.
std::optional<std::string> mutated(std::string_view fill, Mutation mutation, std::string_view other,
                                   std::mt19937_64& random);

/// The file with `fill` in the hole.
std::string filled(std::string_view file, ByteRange range, std::string_view fill);

}  // namespace inpaint::grammar
