#include "engine/kernels/block_format.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>

#include "engine/kernels/block_parts.h"
#include "engine/kernels/half.h"
#include "engine/kernels/vectorised.h"

namespace inpaint::engine::kernels {
namespace {

struct FormatRow {
  BlockShape shape;
  std::uint32_t ggml_type;
};
// In the order of BlockFormat. The numbers are those of enum ggml_type (ggml.h).
constexpr std::array kFormats = {
    FormatRow{{"F32", 1, 4}, 0},       FormatRow{{"F16", 1, 2}, 1},
    FormatRow{{"BF16", 1, 2}, 30},     FormatRow{{"Q4_0", 32, 18}, 2},
    FormatRow{{"Q4_1", 32, 20}, 3},    FormatRow{{"Q5_0", 32, 22}, 6},
    FormatRow{{"Q5_1", 32, 24}, 7},    FormatRow{{"Q8_0", 32, 34}, 8},
    FormatRow{{"Q2_K", 256, 84}, 10},  FormatRow{{"Q3_K", 256, 110}, 11},
    FormatRow{{"Q4_K", 256, 144}, 12}, FormatRow{{"Q5_K", 256, 176}, 13},
    FormatRow{{"Q6_K", 256, 210}, 14},
};

void unpack_halves(const std::byte* from, std::int64_t values, float* out) {
  for (std::int64_t i = 0; i < values; ++i) {
    std::uint16_t half;
    std::memcpy(&half, from + 2 * i, sizeof half);
    out[i] = float_of_half(half);
  }
}

void unpack_bf16(const std::byte* from, std::int64_t values, float* out) {
  for (std::int64_t i = 0; i < values; ++i) {
    Bf16 number;
    std::memcpy(&number, from + 2 * i, sizeof number);
    out[i] = load(number);
  }
}

}  // namespace

const BlockShape& shape_of(BlockFormat format) {
  return kFormats[static_cast<std::size_t>(format)].shape;
}

std::optional<BlockFormat> block_format_of_ggml(std::uint32_t type) {
  const auto row = std::ranges::find(kFormats, type, &FormatRow::ggml_type);
  if (row == kFormats.end()) return std::nullopt;
  return static_cast<BlockFormat>(row - kFormats.begin());
}

std::int64_t bytes_of(BlockFormat format, std::int64_t values) {
  const BlockShape& shape = shape_of(format);
  assert(values % shape.values == 0);  // callers check the shapes of files
  return values / shape.values * shape.bytes;
}

void unpack(BlockFormat format, const std::byte* blocks, std::int64_t values, float* out) {
  const BlockShape& shape = shape_of(format);
  assert(values % shape.values == 0);
  switch (format) {
    case BlockFormat::f32:
      std::memcpy(out, blocks, static_cast<std::size_t>(values) * sizeof *out);
      return;
    case BlockFormat::f16: return unpack_halves(blocks, values, out);
    case BlockFormat::bf16: return unpack_bf16(blocks, values, out);
    default: break;
  }
  for (std::int64_t i = 0; i < values; i += shape.values, blocks += shape.bytes)
    put_values(take_apart(format, blocks), out + i);
}

void pack_q8_0(const float* values, std::int64_t n, std::byte* out) {
  const BlockShape& shape = shape_of(BlockFormat::q8_0);
  assert(n % shape.values == 0);
  for (std::int64_t begin = 0; begin < n; begin += shape.values, out += shape.bytes) {
    float greatest = 0.0F;
    for (int i = 0; i < shape.values; ++i)
      greatest = std::max(greatest, std::abs(values[begin + i]));
    const float scale = greatest / 127.0F;
    // Of numbers so small that this is infinite the scale is zero as a half: q does not matter.
    const float inverse = 1.0F / scale;
    const std::uint16_t half = half_of_float(scale);
    std::memcpy(out, &half, sizeof half);
    for (int i = 0; i < shape.values; ++i) {
      const float q = std::isfinite(inverse) ? std::round(values[begin + i] * inverse) : 0.0F;
      // A NaN among the values has no place in eight bits; 127 * (1 / 127) rounds to 127 at most.
      out[2 + i] = static_cast<std::byte>(std::isfinite(q) ? static_cast<std::int8_t>(q) : 0);
    }
  }
}

std::vector<std::byte> repacked(BlockFormat from, BlockFormat to, std::int64_t outputs,
                                std::int64_t inputs, std::span<const std::byte> data) {
  const std::int64_t from_bytes = bytes_of(from, inputs), to_bytes = bytes_of(to, inputs);
  std::vector<std::byte> result(static_cast<std::size_t>(outputs * to_bytes));
  std::vector<float> row(static_cast<std::size_t>(inputs));
  for (std::int64_t output = 0; output < outputs; ++output) {
    unpack(from, data.data() + output * from_bytes, inputs, row.data());
    std::byte* const at = result.data() + output * to_bytes;
    if (to == BlockFormat::q8_0) pack_q8_0(row.data(), inputs, at);
    else std::memcpy(at, row.data(), static_cast<std::size_t>(to_bytes));
  }
  return result;
}

}  // namespace inpaint::engine::kernels
