// A shard: many documents in one compressed file, the form in which training data travels.
//
// Layout, little-endian, no padding:
//   magic "INPSHRD1", u32 version = 1, u32 number of documents,
//   u64 bytes of all texts, u64 bytes of the packed texts, u64 bytes of the index,
//   u64 bytes of the packed index;
//   the packed texts, one after the other; the packed index; nothing behind it.
// The index holds, for each document, four strings (language, package, path, licence: u16 length,
// then bytes) and the u32 length of its text. Both parts are single zstd frames with a checksum
// (level 19, window up to 2^27: the repetitions of code lie megabytes apart).
//
// The reader distrusts the file: every length is bounded before memory is taken for it, a part may
// not unpack to more than it claims, and the claims must agree with each other and with the size of
// the file. The header is read at once, the texts only when they are asked for.
//
// Units:  bytes.
// Errors: bad_data (not a shard, truncated, lying, damaged, a text that is not UTF-8),
//         bad_argument (a document that no shard may hold), file_not_found, io_failed.
// Cost:   packing about 2 MB/s, unpacking above 300 MB/s on one thread.
// Source: RFC 8878 (Zstandard), section 3.1 for frames and their checksum (XXH64).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/training/corpus/corpus.h"

namespace inpaint::engine {

struct ShardLimits {
  std::uint64_t max_text_bytes = 512ULL << 20;
  std::uint64_t max_index_bytes = 64ULL << 20;
  std::uint32_t max_documents = 1U << 20;
  std::uint32_t max_document_bytes = 16U << 20;
};

/// A document without its text.
struct ShardEntry {
  std::string language, package, path, licence;
  std::uint64_t begin = 0;  // of the text among all texts
  std::uint32_t bytes = 0;
};

/// The texts of a shard, unpacked: [sum of the entries' bytes].
using ShardTexts = std::string;

/// Immutable, any thread.
class Shard {
 public:
  /// Reads header and index.
  static Result<Shard> open(const std::filesystem::path& path, const ShardLimits& limits = {});
  /// The same from bytes in memory; `name` stands for the file in errors.
  static Result<Shard> parse(const std::string& bytes, std::string name,
                             const ShardLimits& limits = {});

  std::span<const ShardEntry> entries() const { return entries_; }
  std::uint64_t text_bytes() const { return text_bytes_; }
  std::uint64_t file_bytes() const { return file_bytes_; }

  /// Unpacks all texts and checks them.
  Result<ShardTexts> read_texts() const;

  static Document document(const ShardEntry& entry, std::string_view texts);

 private:
  Shard() = default;
  std::filesystem::path path_;  // empty: from memory
  std::string name_;
  std::string packed_;  // the packed texts, when from memory
  std::vector<ShardEntry> entries_;
  std::uint64_t text_bytes_ = 0, packed_bytes_ = 0, file_bytes_ = 0;
};

/// The bytes of a shard file. `level` is zstd's; tests take a low one.
Result<std::string> pack_shard(std::span<const Document> documents, int level = 19,
                               const ShardLimits& limits = {});

/// Writes the shard so that the name holds the old file or the whole new one; gives its size.
Result<std::uint64_t> write_shard(const std::filesystem::path& path,
                                  std::span<const Document> documents, int level = 19);

}  // namespace inpaint::engine
