// How numbers of weights are stored: in plain types, and in blocks of small integers with scales.
//
// A block holds 32 or 256 values of one row of a matrix; rows are whole blocks. unpack() is the
// definition of each format: what the kernels multiply with is these numbers and no others.
//
// Source: the block structures of ggml (ggml-common.h), as GGUF files of version 2 and 3 hold them.
// Units:  values, bytes.      Thread rule: any thread; no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace inpaint::engine::kernels {

enum class BlockFormat : std::uint8_t {
  f32,
  f16,
  bf16,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q8_0,
  q2_k,
  q3_k,
  q4_k,
  q5_k,
  q6_k
};

struct BlockShape {
  std::string_view name;  // as GGUF files are named by it: "Q4_K"
  int values = 1;         // of a block
  int bytes = 0;
};

const BlockShape& shape_of(BlockFormat format);

/// The format that GGUF knows by this number (ggml_type); nothing for those that are not served.
std::optional<BlockFormat> block_format_of_ggml(std::uint32_t type);

/// Bytes of `values` values, which are whole blocks.
std::int64_t bytes_of(BlockFormat format, std::int64_t values);

/// out[i] = value i; `values` are whole blocks. Equal, to the bit, to what the package `gguf` gives.
void unpack(BlockFormat format, const std::byte* blocks, std::int64_t values, float* out);

/// Packs whole blocks of 32 values as q8_0: scale = greatest magnitude / 127, rounded to nearest.
void pack_q8_0(const float* values, std::int64_t n, std::byte* out);

/// A matrix [outputs, inputs] in another format: q8_0, or f32. Row by row, so that the whole is never
/// there as f32 beside what is given and what is made.
std::vector<std::byte> repacked(BlockFormat from, BlockFormat to, std::int64_t outputs,
                                std::int64_t inputs, std::span<const std::byte> data);

}  // namespace inpaint::engine::kernels
