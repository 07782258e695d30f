// The safetensors header and the weight index: any bytes give a value or an Error, and a header
// that is accepted keeps every promise the reader makes to those behind it.

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "engine/weights/safetensors.h"
#include "engine/weights/sharded_weights.h"

using namespace inpaint::engine;  // a program of one function

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto bytes = std::as_bytes(std::span(data, size));
  if (auto header = parse_safetensors_header(bytes, size)) {
    std::uint64_t total = 0;
    for (const TensorEntry& tensor : header->tensors) {
      require(tensor.begin <= tensor.end && tensor.end <= size - header->data_begin);
      require(static_cast<std::uint64_t>(tensor.elements()) * size_of(tensor.dtype) ==
              tensor.bytes());
      total += tensor.bytes();
    }
    require(header->data_begin + total == size);
  }
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto index = parse_weight_index(text, "index.json")) {
    for (const auto& [tensor, file] : *index) {
      require(file.find('/') == std::string::npos && file != ".." && !file.empty());
    }
  }
  return 0;
}
