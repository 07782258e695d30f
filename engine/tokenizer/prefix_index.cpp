#include "engine/tokenizer/prefix_index.h"

#include <algorithm>
#include <utility>

namespace inpaint::engine {
namespace {

// The first eight bytes as one number in their order: decides most comparisons of a sort without a
// look at the strings, which lie all over the memory.
std::uint64_t leading_bytes(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    number = number << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
  }
  return number;
}

}  // namespace

PrefixIndex::PrefixIndex(const std::vector<std::string>& bytes, std::vector<std::int32_t> ids)
    : bytes_(&bytes), ids_(std::move(ids)) {
  std::vector<std::pair<std::uint64_t, std::int32_t>> keys;
  keys.reserve(ids_.size());
  for (const std::int32_t id : ids_) keys.emplace_back(leading_bytes(bytes_of(id)), id);
  std::ranges::sort(keys, [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    // char_traits<char> compares as unsigned bytes, as the numbers do.
    const int order = bytes_of(a.second).compare(bytes_of(b.second));
    return order != 0 ? order < 0 : a.second < b.second;
  });
  for (std::size_t i = 0; i < keys.size(); ++i) ids_[i] = keys[i].second;
}

PrefixIndex::Range PrefixIndex::narrow(Range range, std::size_t depth, char byte) const {
  const auto next = [&](std::int32_t id) {
    const std::string_view bytes = bytes_of(id);
    return depth < bytes.size() ? static_cast<unsigned char>(bytes[depth]) : -1;
  };
  const auto found = std::ranges::equal_range(range, static_cast<unsigned char>(byte), {}, next);
  return {found.begin(), found.end()};
}

std::vector<std::int32_t> PrefixIndex::compatible_with(std::string_view text) const {
  std::vector<std::int32_t> found;
  Range range = ids_;
  for (std::size_t depth = 0; depth < text.size() && !range.empty(); ++depth) {
    range = narrow(range, depth, text[depth]);
    // The shortest come first: those that end here.
    if (depth + 1 == text.size()) break;
    while (!range.empty() && bytes_of(range.front()).size() == depth + 1) {
      found.push_back(range.front());
      range = range.subspan(1);
    }
  }
  found.insert(found.end(), range.begin(), range.end());
  return found;
}

PrefixIndex::Found PrefixIndex::longest_at(std::string_view text) const {
  Found longest;
  Range range = ids_;
  for (std::size_t depth = 0; depth < text.size() && !range.empty(); ++depth) {
    range = narrow(range, depth, text[depth]);
    if (!range.empty() && bytes_of(range.front()).size() == depth + 1) {
      longest = {range.front(), depth + 1};
    }
  }
  return longest;
}

}  // namespace inpaint::engine
