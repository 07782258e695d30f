// Cuts the bytes of a connection into messages: `Content-Length: N`, an empty line, N bytes.
//
// The one reader of bytes from outside that the language server has. It trusts no length: a body is
// kept as it arrives, so a header that claims a gigabyte costs nothing.
//
// One bad frame is one lost message. Of a body beyond the limit the bytes are let pass, none of
// them is kept, and it is told what the message was about. Behind a header that can not be read the
// next one is looked for; and a body ends, whatever its header claims, where another header begins.
// That can be told because no JSON text holds one: the line end behind it would be escaped.
//
// Units:  bytes.
// Memory: the limits, and not more than twice as much while a body grows.
// Errors: an Unreadable for each lost message, in its place among the others.
// Source: Language Server Protocol 3.17, "Base Protocol", header part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "lsp/protocol/message.h"
#include "lsp/protocol/message_skimmer.h"

namespace inpaint::lsp {

struct FrameLimits {
  std::size_t header = 8UL * 1024;
  std::size_t body = 64UL * 1024 * 1024;
};

/// One thread at a time.
class FrameReader {
 public:
  using Frame = std::expected<std::string_view, Unreadable>;

  explicit FrameReader(FrameLimits limits = {}) : limits_(limits) {}

  /// To be followed by next() until that says nothing. Does not throw for want of memory for a
  /// body: that message is lost.
  void feed(std::string_view bytes);

  /// The next body that has arrived whole, valid until the next feed() or next(); nothing while
  /// bytes are missing.
  std::optional<Frame> next();

  /// Whether the bytes so far end between two frames.
  bool at_border() const { return state_ == State::header && unread().empty(); }

 private:
  /// lost_body is let pass up to its end, lost_stream up to the next header.
  enum class State : std::uint8_t { header, body, lost_body, lost_stream };

  std::string_view unread() const { return std::string_view(buffer_).substr(begin_); }
  void consume(std::size_t n) { begin_ += n; }
  std::optional<Unreadable> read_header();
  std::optional<std::string_view> read_body();
  std::optional<Unreadable> pass_body();
  void pass_stream();
  void lose_body(RpcErrorCode code, std::string why);
  void enter(State state);
  void drop_consumed();

  FrameLimits limits_;
  State state_ = State::header;
  std::string buffer_;
  std::size_t begin_ = 0;     // of what is not consumed
  std::size_t searched_ = 0;  // of that: no end of a header, or no other header in the body, before
  std::uint64_t length_ = 0;  // of the body, or of what is left of one that is let pass
  RpcError lost_;             // what is said at the end of lost_body
  MessageSkimmer skimmer_;    // of lost_body
};

/// A frame around `body`.
std::string to_frame(std::string_view body);

}  // namespace inpaint::lsp
