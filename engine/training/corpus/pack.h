// Packs a corpus into shards, each one a balanced sample of the whole, and holds a part back.
//
// Held back for validation are whole packages, chosen by a hash of their names, so that no project
// is on both sides; their documents go to valid.shard, about the same bytes from each language.
// In the other shards the languages are spread evenly: any prefix of the list of shards is a
// balanced sample. Documents of a shard are sorted by package, which packs a fifth better than a
// shuffle and costs nothing, because order() shuffles inside of a shard.
//
// Units:  bytes.
// Errors: bad_data (no documents), those of Corpus and of write_shard. Files that are there already
//         and named alike are replaced; a shard of an older, longer run is removed.
// Cost:   about 2 MB/s; one shard's texts in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "engine/base/error.h"

namespace inpaint::engine {

struct PackOptions {
  std::uint64_t max_shard_bytes = 20ULL << 20;  // of a packed file
  std::uint64_t bytes_per_language = 0;         // 0: all there is
  std::uint64_t valid_bytes = 2'000'000;        // of text, of all languages together; 0: none
  std::uint64_t seed = 1;
  int level = 19;  // zstd's
};

struct PackReport {
  std::size_t shards = 0, documents = 0, valid_documents = 0;
  std::uint64_t text_bytes = 0, packed_bytes = 0, valid_text_bytes = 0;
  std::size_t unreadable = 0;  // listed files that vanished or are no text any more
};

/// One line a shard: "train-0003.shard: 9120 documents, 82.1 MB in 19.8 MB".
using PackProgress = std::function<void(const std::string& line)>;

/// `from`: a folder with keep.jsonl, or a plain folder of source files.
Result<PackReport> pack_corpus(const std::filesystem::path& from, const std::filesystem::path& to,
                               const PackOptions& options, const PackProgress& progress = {});

}  // namespace inpaint::engine
