// Strips in registers of 32 bytes: eight outputs, of each four inputs.
//
// 32 inputs of all eight outputs are unpacked into eight registers, and stay there while the rows of a
// panel pass by: per four inputs, a row costs one load and one product. maddubs multiplies unsigned by
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
INPAINT_AVX2 Integers products(Integers weights, const RoundedBlock& x, int four) {
  return _mm256_maddubs_epi16(weights, four_of(x, four));
}
INPAINT_AVX2 Integers widened(Integers sums) {
  return _mm256_madd_epi16(sums, _mm256_set1_epi16(1));
}
INPAINT_AVX2 Floats scaled(Integers sums, Floats scale, const RoundedBlock& x) {
  return _mm256_mul_ps(_mm256_cvtepi32_ps(sums), _mm256_mul_ps(scale, _mm256_set1_ps(x.scale)));
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

  /// Sums over 32 inputs of four or five bits.
  INPAINT_AVX2 Integers times(const RoundedBlock& x) const {
    Integers halves[2];
    for (int half = 0; half < 2; ++half) {
      halves[half] = products(four[4 * half], x, 4 * half);
      for (int k = 4 * half + 1; k < 4 * half + 4; ++k)
        halves[half] = add16(halves[half], products(four[k], x, k));
    }
    if constexpr (n_bits == 4) return widened(add16(halves[0], halves[1]));
    return add32(widened(halves[0]), widened(halves[1]));
  }
};

// --- formats: blocks of a strip, whose kParts have 32 inputs each ----------------------------------

/// q4_0 and q5_0.
template <int n_bits>
struct WithOffset {
  static constexpr int kParts = 1, kBytes = 16 + 32 * n_bits;
  struct Head {
    const std::byte* block;
    INPAINT_AVX2 explicit Head(const std::byte* from) : block(from) {}
  };
  struct Part {
    Fours<n_bits> weights;
    Floats scale;
    INPAINT_AVX2 Part(const Head& head, int)
        : weights(head.block + 16), scale(load_halves(head.block)) {}
    INPAINT_AVX2 Floats times(const RoundedBlock& x) const {
      const Integers offset = _mm256_slli_epi32(_mm256_set1_epi32(x.sum), n_bits - 1);
      return scaled(_mm256_sub_epi32(weights.times(x), offset), scale, x);
    }
  };
};

template <int n_bits>
struct PartWithMinimum {
  Fours<n_bits> weights;
  Floats scale, minimum;
  INPAINT_AVX2 PartWithMinimum(const std::byte* inputs, Floats its_scale, Floats its_minimum)
      : weights(inputs), scale(its_scale), minimum(its_minimum) {}
  INPAINT_AVX2 Floats times(const RoundedBlock& x) const {
    return _mm256_sub_ps(scaled(weights.times(x), scale, x),
                         _mm256_mul_ps(minimum, _mm256_set1_ps(x.scaled_sum)));
  }
};

/// q4_1 and q5_1: the file has the least weight itself, the negative of what is subtracted.
template <int n_bits>
struct WithMinimum {
  static constexpr int kParts = 1, kBytes = 32 + 32 * n_bits;
  struct Head {
    const std::byte* block;
    INPAINT_AVX2 explicit Head(const std::byte* from) : block(from) {}
  };
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
    alignas(32) Floats scales[8], minima[8];

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
  struct Head {
    const std::byte* block;
    Floats scale;
    INPAINT_AVX2 explicit Head(const std::byte* from) : block(from), scale(load_halves(from)) {}
  };
  struct Part {
    Fours<6> weights;
    Floats scale;
    Integers scales[2];  // in both 16 bits of an output
    Integers offsets;    // 32 times the one scale, and the other

    INPAINT_AVX2 Part(const Head& head, int part)
        : weights(head.block + 144 + part * 192), scale(head.scale) {
      const Integers first = load_small(head.block + 16 + part * 16);
      const Integers second = load_small(head.block + 16 + part * 16 + 8);
      const Integers first_up = _mm256_slli_epi32(first, 16);
      const Integers second_up = _mm256_slli_epi32(second, 16);
      scales[0] = _mm256_blend_epi16(first, first_up, 0xAA);
      scales[1] = _mm256_blend_epi16(second, second_up, 0xAA);
      offsets = _mm256_slli_epi16(_mm256_blend_epi16(first, second_up, 0xAA), 5);
    }
    INPAINT_AVX2 Floats times(const RoundedBlock& x) const {
      Integers sums[2];
      for (int half = 0; half < 2; ++half) {
        const Integers* w = weights.four + 4 * half;
        const int k = 4 * half;
        sums[half] = add32(
            _mm256_madd_epi16(add16(products(w[0], x, k), products(w[1], x, k + 1)), scales[half]),
            _mm256_madd_epi16(add16(products(w[2], x, k + 2), products(w[3], x, k + 3)),
                              scales[half]));
      }
      int half_sums;
      std::memcpy(&half_sums, x.half_sums, sizeof half_sums);
      const Integers offset = _mm256_madd_epi16(offsets, _mm256_set1_epi32(half_sums));
      return scaled(_mm256_sub_epi32(add32(sums[0], sums[1]), offset), scale, x);
    }
  };
};

/// q8_0.
struct OfBytes {
  static constexpr int kParts = 1, kBytes = 16 + 256;
  struct Head {
    const std::byte* block;
    INPAINT_AVX2 explicit Head(const std::byte* from) : block(from) {}
  };
  struct Part {
    const std::byte* weights;
    Integers magnitudes[8];
    Floats scale;

    INPAINT_AVX2 Part(const Head& head, int)
        : weights(head.block + 16), scale(load_halves(head.block)) {
      for (int k = 0; k < 8; ++k) magnitudes[k] = _mm256_abs_epi8(load_bytes(weights + 32 * k));
    }
    INPAINT_AVX2 Floats times(const RoundedBlock& x) const {
      Integers sums[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
      for (int k = 0; k < 8; ++k) {
        const Integers signed_x = _mm256_sign_epi8(four_of(x, k), load_bytes(weights + 32 * k));
        sums[k % 2] = add32(sums[k % 2], widened(_mm256_maddubs_epi16(magnitudes[k], signed_x)));
      }
      return scaled(add32(sums[0], sums[1]), scale, x);
    }
  };
};

// --- rows --------------------------------------------------------------------------------------

/// n_rows: known, so that the sums stay in registers; 0: as many as there are.
template <class Format, int n_rows>
__attribute__((target("avx2,f16c"))) void multiply_rows_of(const StripOperands& o) {
  const std::int64_t rows = n_rows == 0 ? o.rows : n_rows;
  Floats sums[n_rows == 0 ? RoundedRows::kMostPanelRows : n_rows];
  for (std::int64_t row = 0; row < rows; ++row) sums[row] = _mm256_setzero_ps();
  const RoundedBlock* x = o.x;
  const std::byte* block = o.strip;
  for (std::int64_t i = 0; i < o.n_blocks; i += Format::kParts, block += Format::kBytes) {
    const typename Format::Head head(block);
    for (int k = 0; k < Format::kParts; ++k, x += rows) {
      const typename Format::Part part(head, k);
      // GCC would take two parts through the loop at once, for which there are no registers.
      asm volatile("");
      for (std::int64_t row = 0; row < rows; ++row)
        sums[row] = _mm256_add_ps(sums[row], part.times(x[row]));
    }
  }
  for (std::int64_t row = 0; row < rows; ++row) _mm256_storeu_ps(o.y + row * o.y_stride, sums[row]);
}

template <class Format>
void multiply(const StripOperands& o) {
  switch (o.rows) {
    case 1: return multiply_rows_of<Format, 1>(o);
    case 2: return multiply_rows_of<Format, 2>(o);
    case 3: return multiply_rows_of<Format, 3>(o);
    case 4: return multiply_rows_of<Format, 4>(o);
    default: return multiply_rows_of<Format, 0>(o);
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
