#include "engine/weights/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;

std::unexpected<Error> bad_tensor(const std::filesystem::path& path, const TensorToWrite& tensor,
                                  std::string why) {
  return failure(ErrorCode::bad_argument, path.string(),
                 fmt::format("tensor {}: {}", tensor.name, why));
}

Result<void> check_to_write(const std::filesystem::path& path, const TensorToWrite& tensor) {
  std::uint64_t bytes = size_of(tensor.dtype);
  for (std::int64_t extent : tensor.shape) {
    if (extent < 0) return bad_tensor(path, tensor, fmt::format("dimension {}", extent));
    auto factor = static_cast<std::uint64_t>(extent);
    if (factor > 0 && bytes > std::numeric_limits<std::int64_t>::max() / factor) {
      return bad_tensor(path, tensor, "the shape's product overflows");
    }
    bytes *= factor;
  }
  if (tensor.name == "__metadata__") return bad_tensor(path, tensor, "the name is reserved");
  if (bytes != tensor.data.size()) {
    return bad_tensor(path, tensor,
                      fmt::format("expected {} bytes, got {}", bytes, tensor.data.size()));
  }
  return {};
}

}  // namespace

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
  auto handle = FileHandle::open_to_read(path);
  if (!handle) return std::unexpected(handle.error());
  auto size = handle->size(path);
  if (!size) return std::unexpected(size.error());

  std::vector<std::byte> head(std::min<std::uint64_t>(kLengthBytes, *size));
  auto got = handle->read_at(0, head, path);
  if (!got) return std::unexpected(got.error());
  auto head_size = safetensors_head_size(std::span(head).first(*got), *size, path.string());
  if (!head_size) return std::unexpected(head_size.error());

  head.resize(static_cast<std::size_t>(*head_size));
  got = handle->read_at(0, head, path);
  if (!got) return std::unexpected(got.error());
  auto header = parse_safetensors_header(std::span(head).first(*got), *size, path.string());
  if (!header) return std::unexpected(header.error());

  SafetensorsFile file;
  file.path_ = path;
  file.file_ = std::move(*handle);
  file.header_ = std::move(*header);
  return file;
}

const TensorEntry* SafetensorsFile::find(std::string_view name) const {
  auto place = std::ranges::lower_bound(
      header_.tensors, name, {}, [](const TensorEntry& t) -> std::string_view { return t.name; });
  if (place == header_.tensors.end() || place->name != name) return nullptr;
  return &*place;
}

Result<void> SafetensorsFile::read(const TensorEntry& entry, std::span<std::byte> out) const {
  if (out.size() != entry.bytes()) {
    return failure(ErrorCode::bad_argument, path_.string(),
                   fmt::format("tensor {}: expected room for {} bytes, got {}", entry.name,
                               entry.bytes(), out.size()));
  }
  auto got = file_.read_at(header_.data_begin + entry.begin, out, path_);
  if (!got) return std::unexpected(got.error());
  if (*got != out.size()) {
    return failure(ErrorCode::bad_weights, path_.string(),
                   fmt::format("tensor {}: the file was cut while in use, {} of {} bytes are left",
                               entry.name, *got, out.size()),
                   "fetch or save the file again, then restart");
  }
  return {};
}

Result<void> write_safetensors(const std::filesystem::path& path,
                               std::vector<TensorToWrite> tensors,
                               const std::map<std::string, std::string>& metadata) {
  std::ranges::sort(tensors, [](const TensorToWrite& a, const TensorToWrite& b) {
    return std::pair(size_of(b.dtype), std::string_view(a.name)) <
           std::pair(size_of(a.dtype), std::string_view(b.name));
  });
  try {
    json header = json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const TensorToWrite& tensor : tensors) {
      if (auto checked = check_to_write(path, tensor); !checked) return checked;
      if (header.contains(tensor.name)) return bad_tensor(path, tensor, "the name stands twice");
      std::uint64_t end = offset + tensor.data.size();
      header[tensor.name] = {{"dtype", to_string(tensor.dtype)},
                             {"shape", tensor.shape},
                             {"data_offsets", {offset, end}}};
      offset = end;
    }
    // Spaces behind the header, which the format allows, align the data to 8 bytes.
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::string head(kLengthBytes, '\0');
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
      head[i] = static_cast<char>((text.size() >> (8 * i)) & 0xFF);
    }
    head += text;
    // What a reader would refuse must not be written: the same checks decide.
    auto readable = parse_safetensors_header(std::as_bytes(std::span(head)), head.size() + offset,
                                             path.string());
    if (!readable) {
      return failure(ErrorCode::bad_argument, path.string(),
                     "nobody could read this file, " + readable.error().why);
    }

    auto file = AtomicFile::create(path);
    if (!file) return std::unexpected(file.error());
    if (auto written = file->write(head); !written) return written;
    for (const TensorToWrite& tensor : tensors) {
      if (auto written = file->write(tensor.data); !written) return written;
    }
    return file->commit();
  } catch (const json::exception& error) {  // a name or a value that is not UTF-8
    return failure(ErrorCode::bad_argument, path.string(), error.what());
  }
}

}  // namespace inpaint::engine
