#include "lsp/protocol/frame_reader.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>

#include "grammar/base/ascii.h"

namespace inpaint::lsp {
namespace {

constexpr std::string_view kHeaderEnd = "\r\n\r\n";
constexpr std::string_view kLengthName = "content-length";

// A header that is looked for: its name, a colon, and at most so much.
constexpr std::size_t kMostBlanks = 8;  // on either side of the number
constexpr std::size_t kMostDigits = 20;
constexpr std::size_t kLongestLine = kLengthName.size() + 1 + 2 * kMostBlanks + kMostDigits + 2;

/// A buffer that was larger is given back.
constexpr std::size_t kKeptCapacity = 1UL << 20;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_content_length(std::string_view name) {
  return grammar::alike_in_lower_case(name, kLengthName);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// What of a header may be shown in a log: printable, and not much of it, since it may be code.
std::string quoted(std::string_view text) {
  std::string shown;
  for (char c : text.substr(0, 24)) shown += c >= ' ' && c <= '~' ? c : '?';
  return "'" + shown + "'";
}

/// Takes up to `most` such characters off the end; how many that were.
std::size_t take_back(std::string_view& text, bool (*is_such)(char), std::size_t most) {
  std::size_t n = 0;
  while (n < most && !text.empty() && is_such(text.back())) {
    text.remove_suffix(1);
    ++n;
  }
  return n;
}

/// Where in `text` a line "Content-Length: N" begins, whatever stands before it; npos where in
/// none.
std::size_t find_length_line(std::string_view text, std::size_t from = 0) {
  for (std::size_t end = text.find('\r', from); end != std::string_view::npos;
       end = text.find('\r', end + 1)) {
    if (end + 1 == text.size() || text[end + 1] != '\n') continue;
    std::string_view line = text.substr(from, end - from);
    take_back(line, is_blank, kMostBlanks);
    if (take_back(line, is_digit, kMostDigits) == 0) continue;
    take_back(line, is_blank, kMostBlanks);
    if (!line.ends_with(':')) continue;
    line.remove_suffix(1);
    if (line.size() < kLengthName.size()) continue;
    const std::size_t begin = line.size() - kLengthName.size();
    if (is_content_length(line.substr(begin))) return from + begin;
  }
  return std::string_view::npos;
}

/// The length that a header names, or what is wrong with it.
std::expected<std::uint64_t, std::string> parse_header(std::string_view header) {
  std::optional<std::uint64_t> length;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::unexpected("a header line " + quoted(line));
    if (!is_content_length(trim(line.substr(0, colon)))) continue;
    if (length) return std::unexpected("two Content-Length lines");
    const std::string_view value = trim(line.substr(colon + 1));
    std::uint64_t number = 0;
    const char* const begin = value.data();
    const char* const stop = begin + value.size();
    const auto [stopped, error] = std::from_chars(begin, stop, number);
    if (stopped != stop || error != std::errc{} || value.empty())
      return std::unexpected("Content-Length is " + quoted(value));
    length = number;
  }
  if (!length) return std::unexpected("a header without Content-Length");
  return *length;
}

Unreadable bad_header(const std::string& why) {
  return {.error = {RpcErrorCode::parse_error,
                    why + ": Content-Length, an empty line and as many bytes are expected",
                    {}}};
}

}  // namespace

void FrameReader::feed(std::string_view bytes) {
  try {
    buffer_.append(bytes);
  } catch (const std::exception&) {
    if (state_ != State::body) throw;  // a few bytes: there is no memory for anything
    lose_body(RpcErrorCode::internal_error, "no memory for the message");
    pass_body();  // not to its end, which has not come yet
    drop_consumed();
    buffer_.append(bytes);
  }
}

std::optional<FrameReader::Frame> FrameReader::next() {
  while (true) {
    const State before = state_;
    if (state_ == State::header) {
      if (auto lost = read_header()) return std::unexpected(std::move(*lost));
    } else if (state_ == State::body) {
      if (const auto body = read_body()) return *body;
    } else if (state_ == State::lost_body) {
      if (auto lost = pass_body()) return std::unexpected(std::move(*lost));
    } else {
      pass_stream();
    }
    if (state_ != before) continue;
    drop_consumed();
    return std::nullopt;
  }
}

/// Goes on to the body; or to the next header behind one that is lost.
std::optional<Unreadable> FrameReader::read_header() {
  consume(std::min(unread().find_first_not_of("\r\n \t"), unread().size()));
  const std::string_view bytes = unread();
  const std::size_t end = bytes.find(kHeaderEnd, searched_);
  // Where it is not there yet, its first bytes may be.
  const std::size_t not_before = bytes.size() - std::min(bytes.size(), kHeaderEnd.size() - 1);
  if (std::min(end, not_before) > limits_.header) {
    enter(State::lost_stream);
    auto lost = bad_header("a header of more than " + std::to_string(limits_.header) +
                           " bytes that begins with " + quoted(bytes));
    consume(limits_.header);
    return lost;
  }
  if (end == std::string_view::npos) {
    searched_ = not_before;
    return std::nullopt;
  }
  const std::string_view header = bytes.substr(0, end);
  const auto length = parse_header(header);
  if (!length) {
    enter(State::lost_stream);
    auto lost = bad_header(length.error());
    // Behind the rest of another message a good one may begin. One that is bad in itself is passed.
    const bool begins_well = find_length_line(bytes.substr(0, end + 2)) == 0;
    consume(begins_well ? end + kHeaderEnd.size() : 1);
    return lost;
  }
  consume(end + kHeaderEnd.size());
  enter(State::body);
  length_ = *length;
  if (length_ > limits_.body) {
    lose_body(RpcErrorCode::invalid_request, "a message of " + std::to_string(length_) +
                                                 " bytes, the limit is " +
                                                 std::to_string(limits_.body));
  }
  return std::nullopt;
}

std::optional<std::string_view> FrameReader::read_body() {
  std::string_view body = unread().substr(0, length_);
  const std::size_t from = searched_ - std::min(searched_, kLongestLine);
  const std::size_t next_header = find_length_line(body, from);
  if (next_header == std::string_view::npos && body.size() < length_) {
    searched_ = body.size();
    return std::nullopt;
  }
  body = body.substr(0, next_header);
  consume(body.size());
  enter(State::header);
  return body;
}

void FrameReader::lose_body(RpcErrorCode code, std::string why) {
  enter(State::lost_body);
  lost_ = {code, std::move(why), {}};
  skimmer_ = {};
}

/// Says what was lost at the end of it.
std::optional<Unreadable> FrameReader::pass_body() {
  std::string_view body = unread().substr(0, length_);
  const std::size_t next_header = find_length_line(body);
  const bool ends = next_header != std::string_view::npos || body.size() == length_;
  body = ends ? body.substr(0, next_header)
              : body.substr(0, body.size() - std::min(body.size(), kLongestLine));
  skimmer_.feed(body);
  consume(body.size());
  length_ -= body.size();
  if (!ends) return std::nullopt;
  enter(State::header);
  return unreadable(lost_.code, lost_.message, skimmer_.seen());
}

void FrameReader::pass_stream() {
  const std::string_view bytes = unread();
  const std::size_t header = find_length_line(bytes);
  if (header == std::string_view::npos) {
    return consume(bytes.size() - std::min(bytes.size(), kLongestLine));
  }
  consume(header);
  enter(State::header);
}

void FrameReader::enter(State state) {
  state_ = state;
  searched_ = 0;
}

/// Only while bytes are missing, so that a burst of small messages is moved once.
void FrameReader::drop_consumed() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  if (buffer_.capacity() > kKeptCapacity && buffer_.size() < kKeptCapacity / 2)
    buffer_.shrink_to_fit();
}

std::string to_frame(std::string_view body) {
  std::string frame = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  frame.append(body);
  return frame;
}

}  // namespace inpaint::lsp
