// The reference: a strip's blocks are taken apart as they are everywhere, and summed by plain loops.

#include "engine/kernels/quantised_product.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/environment.h"
#include "engine/kernels/block_parts.h"
#include "engine/kernels/half.h"
#include "engine/kernels/quantised_strip.h"

namespace inpaint::engine::kernels {
namespace {

int sum_of_products(const std::uint8_t* weights, const std::int8_t* x, int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) sum += weights[i] * x[i];
  return sum;
}

/// What 32 inputs of one output, which begin at `begin` in their block, add to its sum.
float scaled_sum(const BlockParts& parts, int begin, const RoundedBlock& x) {
  const std::uint8_t* weights = parts.q.data() + begin;
  const auto part = static_cast<std::size_t>(begin / parts.per_part);
  float scale = float_of_half(parts.scale);
  int sum = 0;
  if (parts.per_part == 32) {
    scale *= static_cast<float>(parts.scales[part]);
    sum = sum_of_products(weights, x.q, 32) - parts.offset * x.sum;
  } else {
    for (std::size_t half = 0; half < 2; ++half)
      sum +=
          parts.scales[part + half] * (sum_of_products(weights + 16 * half, x.q + 16 * half, 16) -
                                       parts.offset * x.half_sums[half]);
  }
  const float minimum = parts.minima[part] == 0
                            ? 0.0F
                            : float_of_half(parts.minimum) * static_cast<float>(parts.minima[part]);
  return static_cast<float>(sum) * (scale * x.scale) - minimum * x.scaled_sum;
}

template <BlockFormat format>
void multiply(const StripOperands& o) {
  const BlockShape& shape = shape_of(format);
  const std::int64_t strip_bytes = kBlockLanes * bytes_of(format, kRoundedValues * o.n_blocks);
  for (std::int64_t output = 0; output < kBlockLanes * o.n_strips; ++output) {
    float sums[RoundedRows::kMostPanelRows] = {};
    const std::byte* blocks = o.strips + output / kBlockLanes * strip_bytes;
    const RoundedBlock* x = o.x;
    for (std::int64_t block = 0; block < o.n_blocks; block += shape.values / kRoundedValues) {
      const BlockParts parts = strip_parts(format, blocks, static_cast<int>(output % kBlockLanes));
      blocks += shape.bytes * kBlockLanes;
      for (int begin = 0; begin < shape.values; begin += kRoundedValues, x += o.rows)
        for (std::int64_t row = 0; row < o.rows; ++row)
          sums[row] += scaled_sum(parts, begin, x[row]);
    }
    for (std::int64_t row = 0; row < o.rows; ++row) o.y[row * o.y_stride + output] = sums[row];
  }
}

constexpr std::array kNames = {"plain", "avx2", "vnni", "avx512"};

}  // namespace

const char* name_of(Instructions instructions) {
  return kNames[static_cast<std::size_t>(instructions)];
}

bool has_instructions(Instructions instructions) {
  switch (instructions) {
    case Instructions::plain: return true;
    case Instructions::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c");
    case Instructions::vnni:
      return has_instructions(Instructions::avx2) && __builtin_cpu_supports("avxvnni");
    case Instructions::avx512:
      return has_instructions(Instructions::avx2) && has_wide_registers() &&
             __builtin_cpu_supports("avx512vnni");
  }
  return false;
}

Instructions best_instructions(std::string_view most) {
  const auto named = std::ranges::find(kNames, most);
  auto best = named == kNames.end() ? Instructions::avx512
                                    : static_cast<Instructions>(named - kNames.begin());
  while (!has_instructions(best)) best = static_cast<Instructions>(std::to_underlying(best) - 1);
  return best;
}

Instructions best_instructions() {
  static const Instructions best =
      best_instructions(environment("INPAINT_ISA").value_or(std::string()));
  return best;
}

StripProduct strip_product(BlockFormat format, Instructions instructions) {
  switch (instructions) {
    case Instructions::plain: return plain_strip_product(format);
    case Instructions::avx2: return avx2_strip_product(format);
    case Instructions::vnni: return vnni_strip_product(format);
    case Instructions::avx512: return avx512_strip_product(format);
  }
  return nullptr;
}

StripProduct plain_strip_product(BlockFormat format) {
  switch (format) {
    case BlockFormat::q4_0: return multiply<BlockFormat::q4_0>;
    case BlockFormat::q4_1: return multiply<BlockFormat::q4_1>;
    case BlockFormat::q5_0: return multiply<BlockFormat::q5_0>;
    case BlockFormat::q5_1: return multiply<BlockFormat::q5_1>;
    case BlockFormat::q8_0: return multiply<BlockFormat::q8_0>;
    case BlockFormat::q4_k: return multiply<BlockFormat::q4_k>;
    case BlockFormat::q5_k: return multiply<BlockFormat::q5_k>;
    case BlockFormat::q6_k: return multiply<BlockFormat::q6_k>;
    default: return nullptr;
  }
}

}  // namespace inpaint::engine::kernels
