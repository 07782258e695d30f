// Weights for tests of kernels: whole blocks of random bits, with scales that make sensible numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <vector>

#include "engine/kernels/block_format.h"
#include "engine/kernels/half.h"

namespace inpaint::engine::kernels {

inline constexpr BlockFormat kAllFormats[] = {
    BlockFormat::f32,  BlockFormat::f16,  BlockFormat::bf16, BlockFormat::q4_0, BlockFormat::q4_1,
    BlockFormat::q5_0, BlockFormat::q5_1, BlockFormat::q8_0, BlockFormat::q2_k, BlockFormat::q3_k,
    BlockFormat::q4_k, BlockFormat::q5_k, BlockFormat::q6_k};

/// Those that products are made for.
inline constexpr BlockFormat kProductFormats[] = {
    BlockFormat::q4_0, BlockFormat::q4_1, BlockFormat::q5_0, BlockFormat::q5_1,
    BlockFormat::q8_0, BlockFormat::q4_k, BlockFormat::q5_k, BlockFormat::q6_k};

/// Where a block has its halves: scale and minimum.
inline std::vector<std::size_t> places_of_halves(BlockFormat format) {
  switch (format) {
    case BlockFormat::q4_1:
    case BlockFormat::q5_1:
    case BlockFormat::q4_k:
    case BlockFormat::q5_k: return {0, 2};
    case BlockFormat::q2_k: return {80, 82};
    case BlockFormat::q3_k: return {108};
    case BlockFormat::q6_k: return {208};
    default: return {0};
  }
}

inline std::vector<std::byte> random_blocks(std::mt19937& random, BlockFormat format,
                                            std::int64_t values) {
  std::vector<std::byte> data(static_cast<std::size_t>(bytes_of(format, values)));
  std::normal_distribution<float> normal(0.0F, 0.05F);
  const auto put = [&](std::size_t at, auto number) {
    std::memcpy(data.data() + at, &number, sizeof number);
  };
  const auto block_bytes = static_cast<std::size_t>(shape_of(format).bytes);
  for (std::byte& byte : data) byte = static_cast<std::byte>(random() & 255U);
  for (std::size_t block = 0; block < data.size(); block += block_bytes) {
    const float number = normal(random);
    if (format == BlockFormat::f32) {
      put(block, number);
    } else if (format == BlockFormat::bf16) {
      std::uint32_t bits;
      std::memcpy(&bits, &number, sizeof bits);
      put(block, static_cast<std::uint16_t>(bits >> 16));
    } else if (format == BlockFormat::f16) {
      put(block, half_of_float(number));
    } else {
      for (const std::size_t place : places_of_halves(format))
        put(block + place, half_of_float(normal(random)));
    }
  }
  return data;
}

inline std::vector<float> unpacked(BlockFormat format, std::span<const std::byte> data) {
  const auto values = std::ssize(data) / shape_of(format).bytes * shape_of(format).values;
  std::vector<float> numbers(static_cast<std::size_t>(values));
  unpack(format, data.data(), values, numbers.data());
  return numbers;
}

}  // namespace inpaint::engine::kernels
