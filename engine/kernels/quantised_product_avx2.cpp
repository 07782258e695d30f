// Strips in registers of 32 bytes: eight outputs, of each four inputs.
//
// 32 inputs of all eight outputs are unpacked into eight registers, and stay there while the rows of a
// panel pass by: per four inputs, a row costs one load and one product. Of many rows two strips are
// multiplied at once: what has no room in registers then lies in memory, but each load of a row serves
// both, which is a quarter fewer instructions. maddubs multiplies unsigned by
// signed bytes and adds pairs in 16 bits, which hold 32767:
//
//   four bits   15 * 127 * 2 =  3810   eight registers are added before 32 bits are needed
//   five bits   31 * 127 * 2 =  7874   four
//   six bits    63 * 127 * 2 = 16002   two
//   eight bits 128 * 127 * 2 = 32512   one; of signed weights, whose signs are moved to the inputs
//
// Sums of integers are exact, so their order is free; it is that of fewest instructions. No target here
// has fused operations, which would give other bits than the plain loops.

#include <cstring>

#include <immintrin.h>

#include "engine/kernels/quantised_product.h"
#include "engine/kernels/quantised_strip.h"

// GCC else moves all loads of a row before the first product, where they take the registers of the
// weights: a tenth of the speed.
#ifndef __clang__
#pragma GCC optimize("no-tree-ter")
#endif

#define INPAINT_AVX2 inline __attribute__((always_inline, target("avx2,f16c")))

namespace inpaint::engine::kernels {
namespace {

using Integers = __m256i;
using Floats = __m256;

INPAINT_AVX2 Integers load_bytes(const std::byte* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}
INPAINT_AVX2 Floats load_halves(const std::byte* from) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}
INPAINT_AVX2 Integers load_small(const std::byte* from) {
  return _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)));
}
/// Four inputs of a row, for all outputs.
INPAINT_AVX2 Integers four_of(const RoundedBlock& x, int four) {
  int bits;
  std::memcpy(&bits, x.q + 4 * four, sizeof bits);
  return _mm256_set1_epi32(bits);
}
INPAINT_AVX2 Integers add16(Integers a, Integers b) { return _mm256_add_epi16(a, b); }
INPAINT_AVX2 Integers add32(Integers a, Integers b) { return _mm256_add_epi32(a, b); }
INPAINT_AVX2 Integers widened(Integers sums) {
  return _mm256_madd_epi16(sums, _mm256_set1_epi16(1));
}
INPAINT_AVX2 Floats times_scales(Integers sum, Floats scale, const RoundedBlock& x) {
  return _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_mul_ps(scale, _mm256_set1_ps(x.scale)));
}

/// Asks for what a strip's product reads soon. Of few rows memory is the bound, and the processor by
/// itself asks too late: 16 GB/s instead of 11 with one row, on one core of an EPYC 7003. Strips lie one
/// after the other; behind the last one the wish is for nothing, and harmless.
template <int n_bytes>
INPAINT_AVX2 void ask_ahead(const std::byte* block) {
  constexpr std::uintptr_t kAhead = 2048, kLine = 64;
  for (std::uintptr_t at = 0; at < n_bytes; at += kLine) {
    const std::uintptr_t wish = reinterpret_cast<std::uintptr_t>(block) + kAhead + at;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): by pointers it would leave the array
    _mm_prefetch(reinterpret_cast<const char*>(wish), _MM_HINT_T0);
  }
}

// --- 32 inputs of eight outputs, unpacked -------------------------------------------------------

template <int n_bits>
struct Fours {
  Integers four[8];

  INPAINT_AVX2 explicit Fours(const std::byte* bytes) {
    const Integers low = _mm256_set1_epi8(15);
    for (int k = 0; k < 4; ++k) {
      const Integers both = load_bytes(bytes + 32 * k);
      four[k] = _mm256_and_si256(both, low);
      four[k + 4] = _mm256_and_si256(_mm256_srli_epi16(both, 4), low);
    }
    if constexpr (n_bits == 5) {
      const Integers fifths = load_bytes(bytes + 128), bit = _mm256_set1_epi8(16);
      for (int k = 0; k < 8; ++k) {
        const Integers moved =
            k < 4 ? _mm256_slli_epi16(fifths, 4 - k) : _mm256_srli_epi16(fifths, k - 4);
        four[k] = _mm256_or_si256(four[k], _mm256_and_si256(moved, bit));
      }
    }
    if constexpr (n_bits == 6) {
      const Integers bits = _mm256_set1_epi8(48);
      for (int half = 0; half < 2; ++half) {
        const Integers upper = load_bytes(bytes + 128 + 32 * half);
        for (int k = 0; k < 4; ++k) {
          const Integers moved =
              k < 2 ? _mm256_slli_epi16(upper, 4 - 2 * k) : _mm256_srli_epi16(upper, 2 * k - 4);
          four[4 * half + k] = _mm256_or_si256(four[4 * half + k], _mm256_and_si256(moved, bits));
        }
      }
    }
  }
};

/// Sums over 32 inputs of four or five bits, of n strips.
template <int n_bits, int n>
INPAINT_AVX2 void sum_fours(const Fours<n_bits>* const (&weights)[n], const RoundedBlock& x,
                            Integers (&sums)[n]) {
  Integers halves[2][n];
  for (int half = 0; half < 2; ++half)
    for (int k = 0; k < 4; ++k) {
      const Integers inputs = four_of(x, 4 * half + k);
      for (int s = 0; s < n; ++s) {
        const Integers pairs = _mm256_maddubs_epi16(weights[s]->four[4 * half + k], inputs);
        halves[half][s] = k == 0 ? pairs : add16(halves[half][s], pairs);
      }
    }
  for (int s = 0; s < n; ++s)
    sums[s] = n_bits == 4 ? widened(add16(halves[0][s], halves[1][s]))
                          : add32(widened(halves[0][s]), widened(halves[1][s]));
}

// --- formats: blocks of a strip, whose kParts have 32 inputs each -------------------------------
//
// Head: what a block has once.       Part: 32 inputs, unpacked.
// sum(parts, x, sums): the integers of n strips.   scaled(sums, x): what is added to a result.

struct BlockHead {
  const std::byte* block;
  INPAINT_AVX2 explicit BlockHead(const std::byte* from) : block(from) {}
};

template <int n_bits>
struct FoursPart {
  Fours<n_bits> weights;
  Floats scale;
  INPAINT_AVX2 FoursPart(const std::byte* inputs, Floats its_scale)
      : weights(inputs), scale(its_scale) {}

  template <class Part, int n>
  INPAINT_AVX2 static void sum(const Part* const (&parts)[n], const RoundedBlock& x,
                               Integers (&sums)[n]) {
    const Fours<n_bits>* weights_of[n];
    for (int s = 0; s < n; ++s) weights_of[s] = &parts[s]->weights;
    sum_fours(weights_of, x, sums);
  }
};

/// q4_0 and q5_0.
template <int n_bits>
struct WithOffset {
  static constexpr int kParts = 1, kBytes = 16 + 32 * n_bits;
  using Head = BlockHead;
  struct Part : FoursPart<n_bits> {
    INPAINT_AVX2 Part(const Head& head, int)
        : FoursPart<n_bits>(head.block + 16, load_halves(head.block)) {}
    INPAINT_AVX2 Floats scaled(Integers sum, const RoundedBlock& x) const {
      const Integers offset = _mm256_slli_epi32(_mm256_set1_epi32(x.sum), n_bits - 1);
      return times_scales(_mm256_sub_epi32(sum, offset), this->scale, x);
    }
  };
};

template <int n_bits>
struct PartWithMinimum : FoursPart<n_bits> {
  Floats minimum;
  INPAINT_AVX2 PartWithMinimum(const std::byte* inputs, Floats its_scale, Floats its_minimum)
      : FoursPart<n_bits>(inputs, its_scale), minimum(its_minimum) {}
  INPAINT_AVX2 Floats scaled(Integers sum, const RoundedBlock& x) const {
    return _mm256_sub_ps(times_scales(sum, this->scale, x),
                         _mm256_mul_ps(minimum, _mm256_set1_ps(x.scaled_sum)));
  }
};

/// q4_1 and q5_1: the file has the least weight itself, the negative of what is subtracted.
template <int n_bits>
struct WithMinimum {
  static constexpr int kParts = 1, kBytes = 32 + 32 * n_bits;
  using Head = BlockHead;
  struct Part : PartWithMinimum<n_bits> {
    INPAINT_AVX2 Part(const Head& head, int)
        : PartWithMinimum<n_bits>(
              head.block + 32, load_halves(head.block),
              _mm256_xor_ps(load_halves(head.block + 16), _mm256_set1_ps(-0.0F))) {}
  };
};

/// q4_k and q5_k.
template <int n_bits>
struct WithWords {
  static constexpr int kParts = 8, kBytes = 128 + 8 * 32 * n_bits;
  struct Head {
    const std::byte* block;
    Floats scales[8], minima[8];

    INPAINT_AVX2 explicit Head(const std::byte* from) : block(from) {
      const Floats scale = load_halves(block), minimum = load_halves(block + 16);
      Integers words[3];
      for (int w = 0; w < 3; ++w) words[w] = load_bytes(block + 32 + 32 * w);
      const Integers six = _mm256_set1_epi32(63);
      Integers numbers[16];
      for (int k = 0; k < 15; ++k)
        numbers[k] = _mm256_and_si256(_mm256_srli_epi32(words[k / 5], k % 5 * 6), six);
      numbers[15] =
          _mm256_or_si256(_mm256_srli_epi32(words[0], 30),
                          _mm256_or_si256(_mm256_slli_epi32(_mm256_srli_epi32(words[1], 30), 2),
                                          _mm256_slli_epi32(_mm256_srli_epi32(words[2], 30), 4)));
      for (int k = 0; k < 8; ++k) {
        scales[k] = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(numbers[k]));
        minima[k] = _mm256_mul_ps(minimum, _mm256_cvtepi32_ps(numbers[k + 8]));
      }
    }
  };
  struct Part : PartWithMinimum<n_bits> {
    INPAINT_AVX2 Part(const Head& head, int part)
        : PartWithMinimum<n_bits>(head.block + 128 + part * 32 * n_bits, head.scales[part],
                                  head.minima[part]) {}
  };
};

/// q6_k: the scales of 16 inputs are factors of the integers.
struct WithHalfScales {
  static constexpr int kParts = 8, kBytes = 144 + 8 * 192;
  using Head = BlockHead;
  struct Part {
    Fours<6> weights;
    Floats scale;
    Integers scales[2];  // in both 16 bits of an output
    Integers offsets;    // 32 times the one scale, and the other

    INPAINT_AVX2 Part(const Head& head, int part)
        : weights(head.block + 144 + part * 192), scale(load_halves(head.block)) {
      const Integers first = load_small(head.block + 16 + part * 16);
      const Integers second = load_small(head.block + 16 + part * 16 + 8);
      const Integers first_up = _mm256_slli_epi32(first, 16);
      const Integers second_up = _mm256_slli_epi32(second, 16);
      scales[0] = _mm256_blend_epi16(first, first_up, 0xAA);
      scales[1] = _mm256_blend_epi16(second, second_up, 0xAA);
      offsets = _mm256_slli_epi16(_mm256_blend_epi16(first, second_up, 0xAA), 5);
    }

    template <int n>
    INPAINT_AVX2 static void sum(const Part* const (&parts)[n], const RoundedBlock& x,
                                 Integers (&sums)[n]) {
      for (int k = 0; k < 8; k += 2) {
        const Integers inputs[2] = {four_of(x, k), four_of(x, k + 1)};
        for (int s = 0; s < n; ++s) {
          const Integers* w = parts[s]->weights.four + k;
          const Integers pairs =
              add16(_mm256_maddubs_epi16(w[0], inputs[0]), _mm256_maddubs_epi16(w[1], inputs[1]));
          const Integers scaled_pairs = _mm256_madd_epi16(pairs, parts[s]->scales[k / 4]);
          sums[s] = k == 0 ? scaled_pairs : add32(sums[s], scaled_pairs);
        }
      }
    }
    INPAINT_AVX2 Floats scaled(Integers sum, const RoundedBlock& x) const {
      int half_sums;
      std::memcpy(&half_sums, x.half_sums, sizeof half_sums);
      const Integers offset = _mm256_madd_epi16(offsets, _mm256_set1_epi32(half_sums));
      return times_scales(_mm256_sub_epi32(sum, offset), scale, x);
    }
  };
};

/// q8_0.
struct OfBytes {
  static constexpr int kParts = 1, kBytes = 16 + 256;
  using Head = BlockHead;
  struct Part {
    const std::byte* weights;
    Integers magnitudes[8];
    Floats scale;

    INPAINT_AVX2 Part(const Head& head, int)
        : weights(head.block + 16), scale(load_halves(head.block)) {
      for (int k = 0; k < 8; ++k) magnitudes[k] = _mm256_abs_epi8(load_bytes(weights + 32 * k));
    }

    template <int n>
    INPAINT_AVX2 static void sum(const Part* const (&parts)[n], const RoundedBlock& x,
                                 Integers (&sums)[n]) {
      for (int k = 0; k < 8; ++k) {
        const Integers inputs = four_of(x, k);
        for (int s = 0; s < n; ++s) {
          const Integers signed_inputs =
              _mm256_sign_epi8(inputs, load_bytes(parts[s]->weights + 32 * k));
          const Integers four =
              widened(_mm256_maddubs_epi16(parts[s]->magnitudes[k], signed_inputs));
          sums[s] = k == 0 ? four : add32(sums[s], four);
        }
      }
    }
    INPAINT_AVX2 Floats scaled(Integers sum, const RoundedBlock& x) const {
      return times_scales(sum, scale, x);
    }
  };
};

// --- rows --------------------------------------------------------------------------------------

/// n_rows: known, so that the sums stay in registers; 0: as many as there are. n: strips at once.
template <class Format, int n_rows, int n>
__attribute__((target("avx2,f16c"))) void multiply_strips(const StripOperands& o,
                                                          std::int64_t strip) {
  using Head = typename Format::Head;
  using Part = typename Format::Part;
  const std::int64_t rows = n_rows == 0 ? o.rows : n_rows;
  const std::int64_t strip_bytes = o.n_blocks / Format::kParts * Format::kBytes;
  Floats sums[n][n_rows == 0 ? RoundedRows::kMostPanelRows : n_rows];
  for (int s = 0; s < n; ++s)
    for (std::int64_t row = 0; row < rows; ++row) sums[s][row] = _mm256_setzero_ps();
  const RoundedBlock* x = o.x;
  const std::byte* block = o.strips + strip * strip_bytes;
  for (std::int64_t i = 0; i < o.n_blocks; i += Format::kParts, block += Format::kBytes) {
    if constexpr (n_rows != 0) ask_ahead<Format::kBytes>(block);
    const Head first_head(block);
    const Head last_head(block + (n - 1) * strip_bytes);
    for (int k = 0; k < Format::kParts; ++k, x += rows) {
      const Part first(first_head, k), last(last_head, k);
      const Part* parts[n];
      parts[0] = &first;
      parts[n - 1] = &last;
      // GCC would take two parts through the loop at once, for which there are no registers.
      asm volatile("");
      for (std::int64_t row = 0; row < rows; ++row) {
        Integers integers[n];
        Part::sum(parts, x[row], integers);
        for (int s = 0; s < n; ++s)
          sums[s][row] = _mm256_add_ps(sums[s][row], parts[s]->scaled(integers[s], x[row]));
      }
    }
  }
  for (int s = 0; s < n; ++s)
    for (std::int64_t row = 0; row < rows; ++row)
      _mm256_storeu_ps(o.y + row * o.y_stride + (strip + s) * kBlockLanes, sums[s][row]);
}

template <class Format, int n_rows>
void multiply_each(const StripOperands& o) {
  constexpr std::int64_t kTogether = n_rows == 0 ? 2 : 1;
  std::int64_t strip = 0;
  for (; strip + kTogether <= o.n_strips; strip += kTogether)
    multiply_strips<Format, n_rows, kTogether>(o, strip);
  for (; strip < o.n_strips; ++strip) multiply_strips<Format, n_rows, 1>(o, strip);
}

template <class Format>
void multiply(const StripOperands& o) {
  switch (o.rows) {
    case 1: return multiply_each<Format, 1>(o);
    case 2: return multiply_each<Format, 2>(o);
    case 3: return multiply_each<Format, 3>(o);
    case 4: return multiply_each<Format, 4>(o);
    default: return multiply_each<Format, 0>(o);
  }
}

}  // namespace

StripProduct avx2_strip_product(BlockFormat format) {
  switch (format) {
    case BlockFormat::q4_0: return multiply<WithOffset<4>>;
    case BlockFormat::q4_1: return multiply<WithMinimum<4>>;
    case BlockFormat::q5_0: return multiply<WithOffset<5>>;
    case BlockFormat::q5_1: return multiply<WithMinimum<5>>;
    case BlockFormat::q8_0: return multiply<OfBytes>;
    case BlockFormat::q4_k: return multiply<WithWords<4>>;
    case BlockFormat::q5_k: return multiply<WithWords<5>>;
    case BlockFormat::q6_k: return multiply<WithHalfScales>;
    default: return nullptr;
  }
}

}  // namespace inpaint::engine::kernels
