// What the plain loops of the kernels share: storage types, and how they are compiled.
#pragma once

#include <bit>
#include <cstdint>

namespace inpaint::engine::kernels {

#define INPAINT_INLINE inline __attribute__((always_inline))

// One clone of a function per instruction set; the loader picks the best that the processor has. It does
// so before ThreadSanitizer has begun, whose calls in what picks would be to nowhere.
#ifdef __SANITIZE_THREAD__
#define INPAINT_CLONES
#else
#define INPAINT_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif

// Two functions instead, where registers of 64 bytes ask for another shape of the loop.
#define INPAINT_WIDE __attribute__((target("arch=x86-64-v4")))
#ifdef __SANITIZE_THREAD__
#define INPAINT_NARROW
#else
#define INPAINT_NARROW __attribute__((target_clones("arch=x86-64-v3", "default")))
#endif
inline bool has_wide_registers() {
  static const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                          __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd");
  return has;
}

/// Storage of bfloat16: the upper half of an f32.
struct Bf16 {
  std::uint16_t bits;
};

INPAINT_INLINE float load(float x) { return x; }
INPAINT_INLINE float load(Bf16 x) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(x.bits) << 16);
}

INPAINT_INLINE void store(float& to, float x) { to = x; }
/// Rounds to nearest, ties to even, as torch does; a NaN stays a NaN.
INPAINT_INLINE void store(Bf16& to, float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t rounded = bits + 0x7FFFU + ((bits >> 16) & 1U);
  to.bits = static_cast<std::uint16_t>((x != x ? (bits | 0x400000U) : rounded) >> 16);
}

}  // namespace inpaint::engine::kernels
