// Strips in registers of 32 bytes, on processors that have VNNI there: laptops' from 2021 on.

#include <cstdint>
#include <cstring>  // IWYU pragma: keep

#include <immintrin.h>

#include "engine/kernels/quantised_product.h"
#include "engine/kernels/quantised_rows.h"   // IWYU pragma: keep
#include "engine/kernels/quantised_strip.h"  // IWYU pragma: keep

#define INPAINT_SIMD_LOOP __attribute__((target("avx2,f16c,avxvnni")))
#define INPAINT_SIMD inline __attribute__((always_inline)) INPAINT_SIMD_LOOP

namespace inpaint::engine::kernels {
namespace {

constexpr int kStrips = 1;
using Integers = std::int32_t __attribute__((vector_size(32)));
using Floats = float __attribute__((vector_size(32)));

INPAINT_SIMD Integers load(const std::byte* at, std::int64_t) {
  return Integers(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)));
}
INPAINT_SIMD Floats load_halves(const std::byte* at, std::int64_t) {
  return Floats(_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))));
}
INPAINT_SIMD Integers load_small(const std::byte* at, std::int64_t) {
  return Integers(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(at))));
}
INPAINT_SIMD Integers dot(Integers sums, Integers weights, Integers inputs) {
  return Integers(_mm256_dpbusd_avx_epi32(__m256i(sums), __m256i(weights), __m256i(inputs)));
}
INPAINT_SIMD Integers repeat(std::int32_t number) { return Integers(_mm256_set1_epi32(number)); }

#include "engine/kernels/strip_registers.inc"

}  // namespace

StripProduct vnni_strip_product(BlockFormat format) { return product_of(format); }

}  // namespace inpaint::engine::kernels
