// Cuts the bytes of a connection into messages: `Content-Length: N`, an empty line, N bytes.
//
// The one reader of bytes from outside that the language server has. It trusts no length: a body is
// kept as it arrives, so a header that claims a gigabyte costs nothing and is refused by its number.
//
// Units:  bytes.
// Errors: bad_argument where a frame can not be read. The connection is useless afterwards, because
//         nobody knows where the next frame begins.
// Source: Language Server Protocol 3.17, "Base Protocol", header part.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace inpaint::lsp {

struct FrameLimits {
  std::size_t header = 8UL * 1024;
  std::size_t body = 64UL * 1024 * 1024;
};

/// One thread at a time.
class FrameReader {
 public:
  explicit FrameReader(FrameLimits limits = {}) : limits_(limits) {}

  void feed(std::string_view bytes) { buffer_.append(bytes); }

  /// The next body that has arrived whole; nothing while bytes are missing.
  engine::Result<std::optional<std::string>> next();

  /// Whether the bytes so far end between two frames.
  bool at_border() const { return !length_ && begin_ == buffer_.size(); }

 private:
  engine::Result<bool> read_header();
  void drop_read();

  FrameLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;              // of what is not handed out yet
  std::size_t searched_ = 0;           // no end of a header before this byte
  std::optional<std::size_t> length_;  // of the body that is under way
};

/// A frame around `body`.
std::string to_frame(std::string_view body);

}  // namespace inpaint::lsp
