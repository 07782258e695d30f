// A number that stands for many values: it changes when any of them does.
//
// For goldens that would fill a file of megabytes. FNV-1a with 64 bits, written out so that it is
// the same on every machine; values go in as their 8 bytes, little end first.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace inpaint::engine {

class Digest {
 public:
  void add(std::uint64_t value) {
    for (int byte = 0; byte < 8; ++byte, value >>= 8U)
      state_ = (state_ ^ (value & 0xFFU)) * 0x100000001b3ULL;
  }
  void add(float value) { add(std::uint64_t{std::bit_cast<std::uint32_t>(value)}); }
  /// The length counts as well, so that two lists are not one.
  template <class Range>
  void add_all(const Range& range) {
    add(static_cast<std::uint64_t>(range.size()));
    for (const auto value : range) {
      if constexpr (std::is_floating_point_v<decltype(value)>) add(value);
      else add(static_cast<std::uint64_t>(value));
    }
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace inpaint::engine
