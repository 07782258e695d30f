#include "engine/weights/gguf_file.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/weights/gguf_header.h"

namespace inpaint::engine {

Result<GgufFile> GgufFile::open(const std::filesystem::path& path) {
  auto handle = FileHandle::open_to_read(path);
  if (!handle) return std::unexpected(handle.error());
  auto size = handle->size(path);
  if (!size) return std::unexpected(size.error());
  auto header = parse_gguf_header(
      [&](std::uint64_t offset, std::span<std::byte> out) {
        return handle->read_at(offset, out, path);
      },
      *size, path.string());
  if (!header) return std::unexpected(header.error());

  GgufFile file;
  file.path_ = path;
  file.handle_ = std::move(*handle);
  file.metadata_ = std::move(header->metadata);
  file.tensors_ = std::move(header->tensors);
  return file;
}

const GgufTensor* GgufFile::find(std::string_view name) const {
  auto place = std::ranges::lower_bound(
      tensors_, name, {}, [](const GgufTensor& t) -> std::string_view { return t.name; });
  if (place == tensors_.end() || place->name != name) return nullptr;
  return &*place;
}

Result<void> GgufFile::read(const GgufTensor& tensor, std::span<std::byte> to) const {
  if (to.size() != tensor.bytes) {
    return failure(ErrorCode::bad_argument, path_.string(),
                   fmt::format("tensor {}: expected room for {} bytes, got {}", tensor.name,
                               tensor.bytes, to.size()));
  }
  auto got = handle_.read_at(tensor.offset, to, path_);
  if (!got) return std::unexpected(got.error());
  if (*got != to.size()) {
    return failure(
        ErrorCode::bad_weights, path_.string(),
        fmt::format("tensor {}: the file was cut while it was open, {} of {} bytes are left",
                    tensor.name, *got, to.size()),
        "fetch the file again, then restart");
  }
  return {};
}

}  // namespace inpaint::engine
