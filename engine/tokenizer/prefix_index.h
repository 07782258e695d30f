// Token byte strings in order, so that those with a common beginning are neighbours.
//
// Serves two questions: which tokens begin with given bytes or are a beginning of them, and which is
// the longest token that a text begins with. Both narrow a range byte by byte.
//
// Units: bytes, token ids.      Cost: O(bytes · log tokens), and the size of the answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inpaint::engine {

/// Thread rule: immutable; any thread.
class PrefixIndex {
 public:
  /// `bytes` of each id must outlive the index; those of `ids` are not empty.
  PrefixIndex(const std::vector<std::string>& bytes, std::vector<std::int32_t> ids);

  /// The ids whose bytes `text` begins with, the shorter first, and then all that begin with `text`
  /// and are longer, in the order of their bytes.
  std::vector<std::int32_t> compatible_with(std::string_view text) const;

  struct Found {
    std::int32_t id = -1;  // -1 for none
    std::size_t size = 0;  // bytes
  };

  /// The longest that `text` begins with.
  Found longest_at(std::string_view text) const;

  bool empty() const { return ids_.empty(); }

 private:
  using Range = std::span<const std::int32_t>;
  std::string_view bytes_of(std::int32_t id) const {
    return (*bytes_)[static_cast<std::size_t>(id)];
  }
  // Those of `range`, which agree in `depth` bytes, that have `byte` next.
  Range narrow(Range range, std::size_t depth, char byte) const;

  const std::vector<std::string>* bytes_;
  std::vector<std::int32_t> ids_;  // in the order of their bytes
};

}  // namespace inpaint::engine
