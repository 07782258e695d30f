// Strips in registers of 64 bytes: two strips side by side.

#include <cstdint>
#include <cstring>  // IWYU pragma: keep

#include <immintrin.h>

#include "engine/kernels/quantised_product.h"
#include "engine/kernels/quantised_rows.h"   // IWYU pragma: keep
#include "engine/kernels/quantised_strip.h"  // IWYU pragma: keep

#define INPAINT_SIMD_LOOP                                                                          \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,f16c")))
#define INPAINT_SIMD inline __attribute__((always_inline)) INPAINT_SIMD_LOOP

namespace inpaint::engine::kernels {
namespace {

constexpr int kStrips = 2;
/// Of the lanes: GCC 12 warns of its own forms without a mask.
constexpr int kAll = -1;
using Integers = std::int32_t __attribute__((vector_size(64)));
using Floats = float __attribute__((vector_size(64)));

INPAINT_SIMD Integers load(const std::byte* at, std::int64_t apart) {
  const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + apart));
  return Integers(_mm512_maskz_inserti64x4(kAll, _mm512_castsi256_si512(first), second, 1));
}
INPAINT_SIMD __m256i load_sixteens(const std::byte* at, std::int64_t apart) {
  const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + apart));
  return _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
}
INPAINT_SIMD Floats load_halves(const std::byte* at, std::int64_t apart) {
  return Floats(_mm512_maskz_cvtph_ps(kAll, load_sixteens(at, apart)));
}
INPAINT_SIMD Integers load_small(const std::byte* at, std::int64_t apart) {
  const __m128i first = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at));
  const __m128i second = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at + apart));
  return Integers(_mm512_maskz_cvtepi8_epi32(kAll, _mm_unpacklo_epi64(first, second)));
}
INPAINT_SIMD Integers dot(Integers sums, Integers weights, Integers inputs) {
  return Integers(_mm512_dpbusd_epi32(__m512i(sums), __m512i(weights), __m512i(inputs)));
}
INPAINT_SIMD Integers repeat(std::int32_t number) { return Integers(_mm512_set1_epi32(number)); }

#include "engine/kernels/strip_registers.inc"

}  // namespace

StripProduct avx512_strip_product(BlockFormat format) { return product_of(format); }

}  // namespace inpaint::engine::kernels
