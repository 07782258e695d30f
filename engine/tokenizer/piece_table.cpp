#include "engine/tokenizer/piece_table.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace inpaint::engine {
namespace {

std::uint64_t hash_bytes(std::string_view bytes) {
  std::uint64_t hash = bytes.size();
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t taken = std::min(sizeof word, bytes.size());
    std::memcpy(&word, bytes.data(), taken);
    // Murmur's finaliser: all bits of the word reach the low bits that choose the slot.
    hash ^= word;
    hash ^= hash >> 33;
    hash *= 0xFF51AFD7ED558CCDULL;
    hash ^= hash >> 33;
    hash *= 0xC4CEB9FE1A85EC53ULL;
    hash ^= hash >> 33;
    hash += 0x9E3779B97F4A7C15ULL;
    bytes.remove_prefix(taken);
  }
  return hash;
}

std::uint32_t high_half(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

// At most half full.
PieceTable::PieceTable(const std::vector<std::string>& bytes)
    : bytes_(&bytes), entries_(std::bit_ceil(2 * bytes.size() + 2)), mask_(entries_.size() - 1) {}

std::size_t PieceTable::slot_of(std::string_view bytes, std::uint64_t hash) const {
  for (std::uint64_t slot = hash & mask_;; slot = (slot + 1) & mask_) {
    const Entry& entry = entries_[slot];
    if (entry.id < 0) return slot;
    if (entry.hash == high_half(hash) && (*bytes_)[static_cast<std::size_t>(entry.id)] == bytes) {
      return slot;
    }
  }
}

bool PieceTable::insert(std::int32_t id) {
  const std::string_view bytes = (*bytes_)[static_cast<std::size_t>(id)];
  const std::uint64_t hash = hash_bytes(bytes);
  Entry& entry = entries_[slot_of(bytes, hash)];
  if (entry.id >= 0) return entry.id == id;
  entry = {id, high_half(hash)};
  return true;
}

std::int32_t PieceTable::find(std::string_view bytes) const {
  return entries_[slot_of(bytes, hash_bytes(bytes))].id;
}

}  // namespace inpaint::engine
