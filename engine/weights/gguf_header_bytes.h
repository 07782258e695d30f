// The bytes of a GGUF header, read in steps from whatever holds them.
//
// The header of a model with 150,000 tokens is some 6 MB long in a file of many GB, and its length
// stands nowhere: it is known only once all of it has been read. So a window of the file moves along.
//
// The first problem stays: every later read gives zeros and empty texts, so that a parser may read
// several fields in a row and ask once.
//
// Units:  bytes.      Errors: bad_weights, and those of the source.
// Thread rule: one thread.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::engine {

/// Fills `out` with what lies at `offset`; gives the bytes read, fewer only where the file ends.
using GgufSource =
    std::function<Result<std::size_t>(std::uint64_t offset, std::span<std::byte> out)>;

class GgufHeaderBytes {
 public:
  /// `name` stands for the file in errors.
  GgufHeaderBytes(GgufSource source, std::uint64_t file_size, std::string name);

  std::uint64_t position() const { return position_; }
  std::uint64_t left() const { return file_size_ - position_; }

  bool failed() const { return problem_.has_value(); }
  const Error& problem() const { return *problem_; }

  /// Says what is being read, for the errors of what follows: "key general.name".
  void enter(std::string place) { place_ = std::move(place); }

  /// Keeps the first problem only.
  void refuse(std::string why, std::string remedy = {});

  /// False, and refused as `count` times `what`, where so many of at least `least_bytes` each cannot
  /// lie in what is left.
  bool can_hold(std::uint64_t count, std::uint64_t least_bytes, std::string_view what);

  /// Little endian.
  template <class Number>
    requires std::is_arithmetic_v<Number>
  Number number() {
    std::array<std::byte, sizeof(Number)> raw{};
    read(raw);
    if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(raw);
    return std::bit_cast<Number>(raw);
  }

  /// Its length, 8 bytes, and the text; `limit` holds before memory is asked for.
  std::string text(std::uint64_t limit);

 private:
  void read(std::span<std::byte> out);
  bool fill();

  GgufSource source_;
  std::uint64_t file_size_;
  std::string name_, place_;
  std::uint64_t position_ = 0;      // of what is read next
  std::vector<std::byte> window_;   // of the file
  std::uint64_t window_begin_ = 0;  // where it lies
  std::optional<Error> problem_;
};

}  // namespace inpaint::engine
