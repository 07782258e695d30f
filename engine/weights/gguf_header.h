// The header of a GGUF file: version, metadata, and where each tensor lies.
//
// Every claim is held against the size of the file before memory of any size that it claims is
// touched: counts that cannot fit, texts longer than what is left, shapes whose product overflows,
// rows that are no whole blocks, tensors that overlap or lie outside of the file.
//
// Units:  bytes.      Errors: bad_weights, and those of the source.
// Source: the GGUF specification of ggml (docs/gguf.md); numbers of types: enum ggml_type.
// Thread rule: any thread; no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/weights/gguf_file.h"
#include "engine/weights/gguf_header_bytes.h"

namespace inpaint::engine {

struct GgufHeader {
  GgufMetadata metadata;
  std::vector<GgufTensor> tensors;  // sorted by name; offsets are of the file
  std::uint64_t data_begin = 0;     // of the file
};

/// `name` stands for the file in errors.
Result<GgufHeader> parse_gguf_header(GgufSource source, std::uint64_t file_size, std::string name);

/// Of a whole file in memory.
Result<GgufHeader> parse_gguf_header(std::span<const std::byte> file, std::string name);

// The two parts of a header, each refused through `bytes`; what they give counts only where
// bytes.failed() is false.

/// The format wants ASCII in names of keys and tensors; what is not printable would also spoil every
/// message that names it.
bool is_gguf_name(std::string_view text);

GgufMetadata read_gguf_metadata(GgufHeaderBytes& bytes, std::uint64_t n_keys);

/// Offsets are multiples of `alignment` and count from the start of the data; the order is the file's.
std::vector<GgufTensor> read_gguf_tensors(GgufHeaderBytes& bytes, std::uint64_t n_tensors,
                                          std::uint64_t alignment);

}  // namespace inpaint::engine
