#include "engine/weights/gguf_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace inpaint::engine {
namespace {

// Bounds of what a lying file may cost, far above what models need: the largest have some 2,000
// tensors and 100 keys.
constexpr std::uint64_t kMaxTensors = 100'000;
constexpr std::uint64_t kMaxKeys = 100'000;

constexpr std::array<std::uint8_t, 4> kMagic = {'G', 'G', 'U', 'F'};
constexpr std::uint32_t kOldestVersion = 2;
constexpr std::uint32_t kNewestVersion = 3;
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr const char* kAlignmentKey = "general.alignment";

// The least that one may take: length, one character, and for a key its type and one byte; for a
// tensor the number of dimensions, one dimension, type and offset.
constexpr std::uint64_t kLeastKeyBytes = 8 + 1 + 4 + 1;
constexpr std::uint64_t kLeastTensorBytes = 8 + 1 + 4 + 8 + 4 + 8;

void read_start(GgufHeaderBytes& bytes) {
  if (bytes.left() < kMagic.size()) {
    bytes.refuse(fmt::format("a file of {} bytes is no GGUF file", bytes.left()));
    return;
  }
  std::array<std::uint8_t, 4> magic{};
  for (std::uint8_t& byte : magic) byte = bytes.number<std::uint8_t>();
  if (bytes.failed()) return;
  if (magic != kMagic) {
    bytes.refuse(fmt::format("not a GGUF file, it begins with {:02x}", fmt::join(magic, " ")),
                 "name a *.gguf file");
    return;
  }
  const auto version = bytes.number<std::uint32_t>();
  if (bytes.failed() || (kOldestVersion <= version && version <= kNewestVersion)) return;
  constexpr std::uint32_t kLowHalf = 0xFFFF;
  const bool swapped = version != 0 && (version & kLowHalf) == 0;
  bytes.refuse(swapped ? std::string("a GGUF file of big endian numbers, not supported")
                       : fmt::format("GGUF version {}, supported are {} and {}", version,
                                     kOldestVersion, kNewestVersion),
               "fetch a newer file of this model, or convert it again");
}

std::uint64_t read_alignment(GgufHeaderBytes& bytes, const GgufMetadata& metadata) {
  if (bytes.failed() || !metadata.values.contains(kAlignmentKey)) return kDefaultAlignment;
  const std::int64_t value = metadata.integer(kAlignmentKey).value_or(0);
  if (0 < value && value <= std::numeric_limits<std::uint32_t>::max() &&
      std::has_single_bit(static_cast<std::uint64_t>(value)))
    return static_cast<std::uint64_t>(value);
  bytes.refuse(fmt::format("key {}: expected a power of two below 2^32", kAlignmentKey));
  return kDefaultAlignment;
}

// Makes offsets those of the file, and holds them against each other and against its size.
void place_tensors(GgufHeaderBytes& bytes, GgufHeader& header) {
  auto& tensors = header.tensors;
  std::ranges::sort(tensors, {}, [](const GgufTensor& t) {
    return std::pair(t.offset, std::string_view(t.name));
  });
  const GgufTensor* last = nullptr;
  for (GgufTensor& tensor : tensors) {
    constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
    if (tensor.offset > kMax - header.data_begin ||
        tensor.bytes > kMax - header.data_begin - tensor.offset) {
      bytes.refuse(fmt::format("tensor {}: {} bytes at offset {} end behind every file",
                               tensor.name, tensor.bytes, tensor.offset));
      return;
    }
    tensor.offset += header.data_begin;
    if (last != nullptr && tensor.offset < last->offset + last->bytes) {
      bytes.refuse(fmt::format("tensor {}: overlaps tensor {}", tensor.name, last->name));
      return;
    }
    last = &tensor;
  }
  const std::uint64_t size = bytes.position() + bytes.left();
  if (last != nullptr && last->offset + last->bytes > size) {
    bytes.refuse(fmt::format("{} of {} bytes are there", size, last->offset + last->bytes),
                 "wait for the download to end, or fetch the file again");
    return;
  }
  std::ranges::sort(tensors, {}, &GgufTensor::name);
  auto twin = std::ranges::adjacent_find(tensors, {}, &GgufTensor::name);
  if (twin != tensors.end()) bytes.refuse(fmt::format("tensor {}: stands twice", twin->name));
}

GgufHeader parse(GgufHeaderBytes& bytes) {
  GgufHeader header;
  read_start(bytes);
  const auto n_tensors = bytes.number<std::uint64_t>();
  const auto n_keys = bytes.number<std::uint64_t>();
  if (n_tensors > kMaxTensors || n_keys > kMaxKeys) {
    bytes.refuse(fmt::format("{} tensors and {} keys, at most {} and {} are read", n_tensors,
                             n_keys, kMaxTensors, kMaxKeys));
  }
  if (!bytes.can_hold(n_tensors, kLeastTensorBytes, "tensors")) return header;
  if (!bytes.can_hold(n_keys, kLeastKeyBytes, "keys")) return header;
  header.metadata = read_gguf_metadata(bytes, n_keys);
  const std::uint64_t alignment = read_alignment(bytes, header.metadata);
  header.tensors = read_gguf_tensors(bytes, n_tensors, alignment);
  if (bytes.failed()) return header;
  header.data_begin = (bytes.position() + alignment - 1) / alignment * alignment;
  place_tensors(bytes, header);
  return header;
}

}  // namespace

Result<GgufHeader> parse_gguf_header(GgufSource source, std::uint64_t file_size, std::string name) {
  GgufHeaderBytes bytes(std::move(source), file_size, std::move(name));
  GgufHeader header = parse(bytes);
  if (bytes.failed()) return std::unexpected(bytes.problem());
  return header;
}

Result<GgufHeader> parse_gguf_header(std::span<const std::byte> file, std::string name) {
  return parse_gguf_header(
      [file](std::uint64_t offset, std::span<std::byte> out) -> Result<std::size_t> {
        const auto rest = file.subspan(std::min<std::uint64_t>(offset, file.size()));
        const std::size_t n = std::min(rest.size(), out.size());
        std::copy_n(rest.begin(), n, out.begin());
        return n;
      },
      file.size(), std::move(name));
}

}  // namespace inpaint::engine
