// GGUF files: any bytes give a model, or an Error, and a header that is accepted keeps every promise
// that the reader makes to those behind it.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "engine/weights/gguf_header.h"
#include "engine/weights/pretrained_weights.h"

using namespace inpaint::engine;  // a program of one function

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_header(const GgufHeader& header, std::size_t size) {
  require(std::ranges::is_sorted(header.tensors, {}, &GgufTensor::name));
  std::uint64_t total = 0;
  for (const GgufTensor& tensor : header.tensors) {
    require(header.data_begin <= tensor.offset && tensor.offset <= size);
    require(tensor.bytes <= size - tensor.offset);
    std::int64_t values = 1;
    for (const std::int64_t extent : tensor.shape) values *= extent;
    require(values > 0 && tensor.shape.back() % kernels::shape_of(tensor.format).values == 0);
    require(static_cast<std::uint64_t>(kernels::bytes_of(tensor.format, values)) == tensor.bytes);
    total += tensor.bytes;
  }
  require(total <= size);  // none lies over another
}

// The loader wants a file; one in memory has no name and leaves nothing behind.
void load(std::span<const std::uint8_t> bytes) {
  const int descriptor = ::memfd_create("gguf", MFD_CLOEXEC);
  require(descriptor >= 0);
  require(::write(descriptor, bytes.data(), bytes.size()) == std::ssize(bytes));
  {
    const auto file = GgufFile::open("/proc/self/fd/" + std::to_string(descriptor));
    require(file.has_value());
    if (const auto config = pretrained_config(*file)) {
      const auto weights = load_pretrained(*file, *config, {}, std::uint64_t{1} << 30);
      if (weights) {
        require(std::ssize(weights->layers) == config->layers);
        require(weights->embedding.outputs() == config->vocabulary);
        require(weights->head.empty() == config->tied_embeddings);
      }
    }
  }
  ::close(descriptor);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  if (auto header = parse_gguf_header(std::as_bytes(bytes), "fuzz")) {
    check_header(*header, size);
    load(bytes);
  }
  return 0;
}
