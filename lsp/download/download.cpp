#include "lsp/download/download.h"

#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/file_handle.h"
#include "lsp/download/part_file.h"
#include "lsp/download/sha256.h"
#include "lsp/download/transfer.h"

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::failure;
using engine::Result;

constexpr std::size_t kChunk = std::size_t{1} << 20;

std::unexpected<engine::Error> stopped() {
  return failure(ErrorCode::cancelled, "download", "stopped",
                 "run the same command again: it goes on from what is there");
}

/// Adds the first `bytes` of a file to the hash.
Result<void> add_file(Sha256& hash, const engine::FileHandle& file, std::uint64_t bytes,
                      const std::filesystem::path& path, const std::stop_token& stop) {
  std::vector<std::byte> chunk(kChunk);
  for (std::uint64_t at = 0; at < bytes;) {
    if (stop.stop_requested()) return stopped();
    const auto count = file.read_at(at, chunk, path);
    if (!count) return std::unexpected(count.error());
    if (*count == 0)
      return failure(ErrorCode::io_failed, path.string(), "it was cut while it was read");
    hash.add(std::span(chunk).first(*count));
    at += *count;
  }
  return {};
}

double megabytes(std::uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

/// Looked at before anything is asked for: a disk that fills up disturbs other programs too.
Result<void> check_room(const std::filesystem::path& target, std::uint64_t needed) {
  std::error_code unknown;
  const auto space = std::filesystem::space(target.parent_path(), unknown);
  if (unknown || space.available >= needed) return {};
  return failure(ErrorCode::io_failed, target.parent_path().string(),
                 fmt::format("{:.0f} MB are free, {:.0f} MB are needed", megabytes(space.available),
                             megabytes(needed)),
                 "free some space, or name a folder on another disk in XDG_DATA_HOME");
}

/// One download under way.
class Download {
 public:
  Download(const DownloadOrder& order, const OnDownload& on_progress, const std::stop_token& stop,
           PartFile part)
      : order_(order), on_progress_(on_progress), stop_(stop), part_(std::move(part)) {}

  Result<void> run() {
    auto done = bring();
    if (!done && part_.bytes() == 0) part_.remove();
    return done;
  }

 private:
  Result<void> bring() {
    if (part_.bytes() > order_.bytes)
      if (auto cleared = part_.clear(); !cleared) return cleared;
    if (auto room = check_room(order_.target, order_.bytes - part_.bytes()); !room) return room;
    if (auto begun = begin(); !begun) return begun;
    if (part_.bytes() < order_.bytes) {
      auto end = fetch();
      if (end && *end == TransferEnd::not_resumed) {
        if (auto cleared = part_.clear(); !cleared) return cleared;
        if (auto begun = begin(); !begun) return begun;
        end = fetch();
      }
      if (!end) return std::unexpected(end.error());
      if (*end != TransferEnd::complete) return not_taken();
    }
    return finish();
  }

  /// Hashes what is there.
  Result<void> begin() {
    auto hash = Sha256::create();
    if (!hash) return std::unexpected(hash.error());
    hash_ = std::move(*hash);
    resumed_ = part_.bytes();
    return add_file(*hash_, part_.file(), part_.bytes(), part_.path(), stop_);
  }

  Result<TransferEnd> fetch() {
    const TransferRequest request{
        .address = order_.address, .offset = part_.bytes(), .most = order_.bytes - part_.bytes()};
    return transfer(request,
                    {.take = [this](std::span<const std::byte> bytes) { return take(bytes); },
                     .tick = [this] { tell(); }},
                    stop_);
  }

  bool take(std::span<const std::byte> bytes) {
    if (bytes.size() > order_.bytes - part_.bytes()) return false;
    write_error_ = part_.append(bytes);
    if (write_error_ != 0) return false;
    hash_->add(bytes);
    return true;
  }

  void tell() const {
    if (on_progress_)
      on_progress_({.done = part_.bytes(), .resumed = resumed_, .total = order_.bytes});
  }

  Result<void> not_taken() {
    if (write_error_ != 0) return std::unexpected(part_error(part_.path(), "write", write_error_));
    return thrown_away(fmt::format("more than the {} bytes that it should have", order_.bytes));
  }

  Result<void> thrown_away(std::string why) {
    part_.remove();
    return failure(ErrorCode::bad_weights, order_.name,
                   "what came is not the file, it has " + std::move(why) + ", and was thrown away",
                   "run the same command again; if that ends alike, do not trust the address " +
                       order_.address);
  }

  Result<void> finish() {
    // A server that tells no length and one that is cut off look alike: the next run will see.
    if (part_.bytes() < order_.bytes)
      return failure(ErrorCode::unavailable, order_.name,
                     fmt::format("only {} of {} bytes came", part_.bytes(), order_.bytes),
                     "run the same command again: it goes on from what is there");
    const auto hash = hash_->hex();
    if (!hash) return std::unexpected(hash.error());
    if (*hash != order_.sha256)
      return thrown_away("the sha256 " + *hash + " and should have " + order_.sha256);
    tell();
    return part_.finish();
  }

  const DownloadOrder& order_;
  const OnDownload& on_progress_;
  const std::stop_token& stop_;
  PartFile part_;
  std::optional<Sha256> hash_;
  std::uint64_t resumed_ = 0;
  int write_error_ = 0;
};

}  // namespace

Result<void> download(const DownloadOrder& order, const OnDownload& on_progress,
                      const std::stop_token& stop) {
  auto part = PartFile::open(order.target);
  if (!part) return std::unexpected(part.error());
  return Download(order, on_progress, stop, std::move(*part)).run();
}

Result<std::string> sha256_of_file(const std::filesystem::path& path, const std::stop_token& stop) {
  const auto file = engine::FileHandle::open_to_read(path);
  if (!file) return std::unexpected(file.error());
  const auto bytes = file->size(path);
  if (!bytes) return std::unexpected(bytes.error());
  auto hash = Sha256::create();
  if (!hash) return std::unexpected(hash.error());
  if (const auto added = add_file(*hash, *file, *bytes, path, stop); !added)
    return std::unexpected(added.error());
  return hash->hex();
}

}  // namespace inpaint::lsp
