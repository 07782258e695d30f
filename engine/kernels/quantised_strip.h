// Strips: rows of weights laid out anew, so that a register holds the same inputs of several outputs.
//
// A strip is as many rows as a register has lanes, in the same number of bytes. Products need no sum
// across a register then, and scales are read for all outputs at once.
//
//   plain formats   32 outputs: [inputs, 32]
//   with blocks      8 outputs: their blocks side by side, each in the order that follows. Its 32 inputs
//                   are eight fours; [8, 4] stands for a register: four inputs of eight outputs.
//     scale [8] half · minimum [8] half, where there is one
//     q4_k, q5_k  three words [8] u32: scales and minima, put into six bits each as below
//     q6_k        scales [8 of 32 inputs, 2, 8] i8
//     then for each 32 inputs
//       q8_0      [8 fours][8, 4] i8
//       others    [4][8, 4] u8: low four bits of four k, and above them those of four k + 4
//       of five   [8, 4] u8: bit k is the fifth of four k
//       of six    [2][8, 4] u8: bits 2k and 2k + 1 are the upper two of four k of this half
//
// The six bits: word 0 has scales 0 … 4, word 1 scales 5 … 7 and minima 0 and 1, word 2 minima 2 … 6,
// lowest first; the two bits that each has left are minimum 7, lowest first.
//
// Thread rule: any thread; no state.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/kernels/block_format.h"
#include "engine/kernels/block_parts.h"

namespace inpaint::engine::kernels {

inline constexpr int kBlockLanes = 8;  // outputs of a strip of blocks

inline bool is_plain(BlockFormat format) {
  return format == BlockFormat::f32 || format == BlockFormat::f16 || format == BlockFormat::bf16;
}

/// False for those that become q8_0.
bool has_strips(BlockFormat format);

/// Outputs of a strip.
int strip_lanes(BlockFormat format);

/// Lays out the rows of one strip, which lie one after the other.
void make_strip(BlockFormat format, std::int64_t inputs, const std::byte* rows, std::byte* strip);

/// The block of one output, `blocks` being those of all outputs of the strip side by side.
BlockParts strip_parts(BlockFormat format, const std::byte* blocks, int lane);

/// The weights of one output of a strip [inputs], as f32.
void strip_row(BlockFormat format, std::int64_t inputs, const std::byte* strip, int lane,
               float* to);

}  // namespace inpaint::engine::kernels
