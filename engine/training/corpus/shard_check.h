// Checks a folder of shards before a long training run believes it.
//
// Every shard is unpacked whole, so its checksum and its UTF-8 are checked. Then: no text twice, no
// package both in valid.shard and in another, no package or folder that the never-train list names,
// no document without a licence when it belongs to a package.
//
// Units:  bytes.
// Errors: file_not_found, io_failed; bad_data only when there is no shard at all. What is wrong with
//         the shards is in the report, so that one damaged file does not hide the next.
// Cost:   one decoded shard in memory, and 16 bytes a document.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::engine {

/// The names of packages that training must not contain, e.g. "github.com/spf13/cobra".
class NeverTrain {
 public:
  NeverTrain() = default;
  explicit NeverTrain(std::span<const std::string> names);
  /// One name a line; empty lines and lines that begin with # are skipped.
  static Result<NeverTrain> load(const std::filesystem::path& list);

  /// The part of `package` ("go:github.com/spf13/cobra@v1.9.1") or the folder in `path` that is on
  /// the list; empty when there is none.
  std::string match(std::string_view package, std::string_view path) const;

 private:
  std::set<std::string, std::less<>> last_parts_;
};

struct ShardReport {
  std::size_t shards = 0, documents = 0;
  std::uint64_t text_bytes = 0, packed_bytes = 0;
  std::map<std::string, std::uint64_t> language_bytes;
  std::vector<std::string> problems;  // "train-0001.shard: ...", at most 100
};

Result<ShardReport> verify_shards(const std::filesystem::path& folder, const NeverTrain& never);

}  // namespace inpaint::engine
