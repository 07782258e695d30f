// Looks up whole strings of bytes: piece -> token.
//
// Open addressing in one array of eight bytes an entry: a vocabulary of 152,000 tokens takes 4 MiB. A
// node-based map was several times slower, and so was a table that held the strings' places too.
//
// Units: bytes, token ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inpaint::engine {

/// Thread rule: immutable once filled; any thread.
class PieceTable {
 public:
  /// `bytes` is of id, must outlive the table and stay as it is.
  explicit PieceTable(const std::vector<std::string>& bytes);

  /// False when another id has the same bytes.
  bool insert(std::int32_t id);

  std::int32_t find(std::string_view bytes) const;  // -1 when there is none

 private:
  struct Entry {
    std::int32_t id = -1;
    std::uint32_t hash = 0;  // spares a look at most strings, which lie elsewhere
  };
  // Where the bytes are, or the free place where they belong.
  std::size_t slot_of(std::string_view bytes, std::uint64_t hash) const;

  const std::vector<std::string>* bytes_;
  std::vector<Entry> entries_;
  std::uint64_t mask_ = 0;
};

}  // namespace inpaint::engine
