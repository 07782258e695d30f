// One block of quantised weights, taken apart into what all formats have in common.
//
//   value i = (scale * scales[part]) * (q[i] - offset) - minimum * minima[part],   part = i / per_part
//
// A scale has 11 significant bits, scales 7, q 8 at most where scales is 1 and 6 elsewhere: each product
// is exact in f32, so that the order of the operations and fused ones give the same numbers.
//
// Source: the block structures of ggml (ggml-common.h).
// Thread rule: any thread; no state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/kernels/block_format.h"

namespace inpaint::engine::kernels {

inline constexpr int kMostBlockValues = 256;

struct BlockScales {
  int values = 0, per_part = 0;
  int offset = 0;
  std::uint16_t scale = 0, minimum = 0;  // halves
  std::array<std::int8_t, 16> scales{};  // 1 where a format has no second level
  std::array<std::int8_t, 16> minima{};  // -1 where the file has the minimum itself, 0 without one
};

struct BlockParts : BlockScales {
  std::array<std::uint8_t, kMostBlockValues> q{};  // of q8_0 they are stored signed: 128 is added
};

/// `format` is one with blocks: not f32, f16 or bf16.
BlockParts take_apart(BlockFormat format, const std::byte* block);

BlockScales take_scales(BlockFormat format, const std::byte* block);

/// The values, to the definition above.
void put_values(const BlockParts& parts, float* out);

}  // namespace inpaint::engine::kernels
