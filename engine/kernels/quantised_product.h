// Products of some rows with strips of weights: what QuantisedMatrix is made of.
//
// Of blocks: the sum over 32 inputs is one of integers, and exact; scaled sums are added as f32 in the
// order of the inputs, each as
//
//   integers * (weight scale * x scale) - minimum * (x scale * sum of x)
//
// by single operations, never fused ones. So a result is the same, to the bit, for all instructions, in
// any company. Of plain formats: tile.h, f32 in the order of the inputs.
//
// Thread rule: any thread; no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/kernels/block_format.h"
#include "engine/kernels/quantised_rows.h"
#include "engine/kernels/tile.h"

namespace inpaint::engine::kernels {

/// In the order of what they are worth; vnni and avx512 have VNNI, in registers of 32 and of 64 bytes.
enum class Instructions : std::uint8_t { plain, avx2, vnni, avx512 };

const char* name_of(Instructions instructions);

/// Whether this processor has them.
bool has_instructions(Instructions instructions);

/// The best that this processor has of those up to the named ones; another name than theirs is none.
Instructions best_instructions(std::string_view most);
/// `most` from the environment's INPAINT_ISA, which is for measuring what instructions are worth.
Instructions best_instructions();

/// x [n_blocks, rows] with strips of [8 outputs, 32 n_blocks], which lie one after the other
/// -> y [rows, 8 n_strips], rows at `y_stride`.
struct StripOperands {
  const std::byte* strips;
  std::int64_t n_strips;
  const RoundedBlock* x;
  std::int64_t n_blocks;
  std::int64_t rows;  // RoundedRows::kMostPanelRows at most
  float* y;
  std::int64_t y_stride;
};
using StripProduct = void (*)(const StripOperands&);

/// `format` is one with blocks that has strips; `instructions` are such as the processor has.
StripProduct strip_product(BlockFormat format, Instructions instructions = best_instructions());

/// The same by certain ones.
StripProduct plain_strip_product(BlockFormat format);
StripProduct avx2_strip_product(BlockFormat format);
StripProduct vnni_strip_product(BlockFormat format);
StripProduct avx512_strip_product(BlockFormat format);

/// x [rows, inputs] f32 with strips of [32 outputs, inputs] -> y [rows, 32 n_strips].
struct FloatStripOperands {
  const std::byte* strips;
  std::int64_t n_strips;
  const float* x;
  std::int64_t inputs;
  std::int64_t rows;
  float* y;
  std::int64_t y_stride;
};

/// `format` is f32, f16 or bf16. `wide` as in packed_product.h.
void float_strip_product(BlockFormat format, const FloatStripOperands& operands,
                         bool wide = has_wide_registers());

}  // namespace inpaint::engine::kernels
