#include "engine/tokenizer/byte_pair_merger.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

namespace inpaint::engine {
namespace {

constexpr std::size_t kShortBytes = 48;
constexpr std::int32_t kNotMerged = std::numeric_limits<std::int32_t>::max();

// At most half full.
std::size_t table_size(std::size_t entries) { return std::bit_ceil(2 * entries + 2); }

// Murmur's finaliser: all bits of the key reach the low bits that choose the slot.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xFF51AFD7ED558CCDULL;
  x ^= x >> 33;
  x *= 0xC4CEB9FE1A85EC53ULL;
  x ^= x >> 33;
  return x;
}

std::uint64_t pair_key(std::int32_t left, std::int32_t right) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
         static_cast<std::uint32_t>(right);
}

// For a heap whose top is the lowest rank, then the leftmost place.
bool is_later(const BytePairMerger::Candidate& a, const BytePairMerger::Candidate& b) {
  return a.rank != b.rank ? a.rank > b.rank : a.at > b.at;
}

}  // namespace

MergeTable::MergeTable(const std::vector<Merge>& merges)
    : entries_(table_size(merges.size())), mask_(entries_.size() - 1) {
  std::int32_t rank = 0;
  for (const Merge& merge : merges) {
    std::uint64_t key = pair_key(merge.left, merge.right);
    std::uint64_t slot = mix(key) & mask_;
    while (entries_[slot].pair != kEmpty) slot = (slot + 1) & mask_;
    entries_[slot] = {key, rank++, merge.result};
  }
}

const MergeTable::Entry* MergeTable::find(std::int32_t left, std::int32_t right) const {
  std::uint64_t key = pair_key(left, right);
  for (std::uint64_t slot = mix(key) & mask_;; slot = (slot + 1) & mask_) {
    const Entry& entry = entries_[slot];
    if (entry.pair == key) return &entry;
    if (entry.pair == kEmpty) return nullptr;
  }
}

BytePairMerger::BytePairMerger(const Vocabulary& vocabulary)
    : byte_tokens_(vocabulary.byte_tokens), merges_(vocabulary.merges), whole_(vocabulary.bytes) {
  // merge() does not look at the table that is being filled here.
  Scratch scratch;
  std::vector<std::int32_t> made;
  for (std::size_t i = 0; i < vocabulary.bytes.size(); ++i) {
    if (vocabulary.kinds[i] != Vocabulary::Kind::ordinary) continue;
    auto id = static_cast<std::int32_t>(i);
    std::string_view bytes = vocabulary.bytes[i];
    if (!vocabulary.ignore_merges) {
      made.clear();
      merge(bytes, scratch, made);
      if (made.size() != 1 || made.front() != id) continue;
    }
    whole_.insert(id);
  }
}

void BytePairMerger::encode(std::string_view piece, Scratch& scratch,
                            std::vector<std::int32_t>& ids) const {
  if (std::int32_t id = whole_.find(piece); id >= 0) {
    ids.push_back(id);
  } else {
    merge(piece, scratch, ids);
  }
}

void BytePairMerger::merge(std::string_view piece, Scratch& scratch,
                           std::vector<std::int32_t>& ids) const {
  if (piece.size() <= kShortBytes) {
    merge_short(piece, scratch, ids);
  } else {
    merge_long(piece, scratch, ids);
  }
}

// A plain row of tokens beside the rank of each with its right neighbour.
void BytePairMerger::merge_short(std::string_view piece, Scratch& scratch,
                                 std::vector<std::int32_t>& ids) const {
  auto& row = scratch.ids;
  auto& ranks = scratch.ranks;
  row.clear();
  for (char byte : piece) row.push_back(byte_tokens_[static_cast<unsigned char>(byte)]);
  auto rank_at = [&](std::size_t i) {
    if (i + 1 >= row.size()) return kNotMerged;
    const MergeTable::Entry* merge = merges_.find(row[i], row[i + 1]);
    return merge == nullptr ? kNotMerged : merge->rank;
  };
  ranks.resize(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) ranks[i] = rank_at(i);
  while (true) {
    auto best = std::min_element(ranks.begin(), ranks.end());  // the first of equals: leftmost
    if (best == ranks.end() || *best == kNotMerged) break;
    auto at = static_cast<std::size_t>(best - ranks.begin());
    row[at] = merges_.find(row[at], row[at + 1])->result;
    row.erase(row.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    ranks.erase(best + 1);
    ranks[at] = rank_at(at);
    if (at > 0) ranks[at - 1] = rank_at(at - 1);
  }
  ids.insert(ids.end(), row.begin(), row.end());
}

// A linked row and a heap of candidates; one that no longer fits the row is skipped when it comes up.
void BytePairMerger::merge_long(std::string_view piece, Scratch& scratch,
                                std::vector<std::int32_t>& ids) const {
  // Positions are 32 bits; a longer piece is taken in parts, which no code is.
  constexpr std::size_t kMost = std::size_t{1} << 30;
  if (piece.size() > kMost) {
    merge_long(piece.substr(0, kMost), scratch, ids);
    return encode(piece.substr(kMost), scratch, ids);
  }
  auto& nodes = scratch.nodes;
  auto& heap = scratch.heap;
  auto size = static_cast<std::int32_t>(piece.size());
  nodes.resize(piece.size());
  for (std::int32_t i = 0; i < size; ++i) {
    nodes[i] = {byte_tokens_[static_cast<unsigned char>(piece[i])], i - 1,
                i + 1 < size ? i + 1 : -1};
  }
  auto candidate_at = [&](std::int32_t at, Candidate& candidate) {
    if (at < 0 || nodes[at].next < 0) return false;
    std::int32_t left = nodes[at].id;
    std::int32_t right = nodes[nodes[at].next].id;
    const MergeTable::Entry* merge = merges_.find(left, right);
    if (merge == nullptr) return false;
    candidate = {merge->rank, at, left, right, merge->result};
    return true;
  };
  heap.clear();
  Candidate candidate;
  for (std::int32_t i = 0; i < size; ++i) {
    if (candidate_at(i, candidate)) heap.push_back(candidate);
  }
  std::make_heap(heap.begin(), heap.end(), is_later);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), is_later);
    Candidate best = heap.back();
    heap.pop_back();
    Node& node = nodes[best.at];
    if (node.id != best.left || node.next < 0 || nodes[node.next].id != best.right) continue;
    std::int32_t gone = node.next;
    node.id = best.result;
    node.next = nodes[gone].next;
    if (node.next >= 0) nodes[node.next].previous = best.at;
    nodes[gone].id = -1;  // no candidate fits it any more
    for (std::int32_t at : {node.previous, best.at}) {
      if (!candidate_at(at, candidate)) continue;
      heap.push_back(candidate);
      std::push_heap(heap.begin(), heap.end(), is_later);
    }
  }
  for (std::int32_t at = 0; at >= 0; at = nodes[at].next) ids.push_back(nodes[at].id);
  // One huge piece must not keep its memory for all the small ones that follow.
  if (nodes.capacity() > (1 << 20)) scratch = Scratch();
}

}  // namespace inpaint::engine
