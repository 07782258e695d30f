// The documents a training run draws from, in a seeded order that keeps the languages balanced.
//
// A corpus is a folder in one of three shapes, told apart by what lies in it:
//   *.shard       packed by `inpaint shards pack`; decoded shard by shard, a few held at a time
//   keep.jsonl    the fetcher's list of de-duplicated files, with their licences and packages
//   otherwise     a plain folder of source files, such as the user's own repository
// A validation shard (valid.shard) holds packages that the other shards do not; opening the folder
// leaves it out, opening the file itself gives it alone.
//
// Units:  sizes in bytes of UTF-8 text; an index is below size() and stable for one folder.
// Thread: immutable after open() except for a cache of decoded shards behind a mutex (a reader
//         thread that tokenises ahead is the reason); every member may be called on any thread.
// Errors: file_not_found (the folder), bad_data (a shard that lies, a list that cannot be read,
//         nothing to train on), io_failed (a file vanished or cannot be read).
// Cost:   open() reads headers and indices; a plain folder is read whole and kept in memory, because
//         people go on editing it; document() decodes at most one shard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::engine {

/// One source file. The text is valid UTF-8; line ends are as they were in the file.
struct Document {
  std::string language;  // "python", "c", "cpp", "javascript", "typescript", "rust", "go", "java"
  std::string package;   // "pypi:django@5.2.19"; empty for the user's own files
  std::string path;      // relative to the package or folder, with '/'
  std::string licence;   // SPDX expression; empty when unknown (the user's own files)
  std::string text;
  friend bool operator==(const Document&, const Document&) = default;
};

/// Immutable, any thread.
class Corpus {
 public:
  /// A folder of one of the three shapes above, or one *.shard file.
  static Result<Corpus> open(const std::filesystem::path& folder);

  Corpus(Corpus&&) noexcept;
  Corpus& operator=(Corpus&&) noexcept;
  ~Corpus();

  /// Moves about one of `one_in` packages, or files where there are no packages, into a corpus of their
  /// own, to measure on. Their names decide, so that the same stay out from run to run. Shards come with a
  /// validation shard; std::nullopt there, and where one of the two would be empty.
  std::optional<Corpus> hold_out(std::uint64_t one_in);

  /// Number of documents; at least one.
  std::size_t size() const;
  /// Bytes of all texts together.
  std::uint64_t bytes() const;
  /// The language and size of a document, without decoding anything. index < size().
  const std::string& language(std::size_t index) const;
  std::uint32_t bytes_of(std::size_t index) const;

  /// Decodes one document. Going through order() visits each shard in one stretch, so that only a
  /// few shards are decoded at any time.
  Result<Document> document(std::size_t index) const;

  /// Texts of the files that lie beside a document (neighbourhood.h), nearest first, at most `count`.
  Result<std::vector<std::string>> neighbours(std::size_t index, std::size_t count) const;

  /// The documents of one epoch: a permutation that the seed and the epoch decide, the same on
  /// every machine. Each language is drawn equally often by bytes; a language that is too small
  /// for that comes at most twice in an epoch, one that is too large comes in part (other parts in
  /// other epochs).
  std::vector<std::size_t> order(std::uint64_t seed, int epoch) const;

 private:
  struct Source;
  explicit Corpus(std::unique_ptr<Source> source);
  std::unique_ptr<Source> source_;
};

}  // namespace inpaint::engine
