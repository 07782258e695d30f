#include "lsp/protocol/frame_reader.h"

#include <algorithm>
#include <charconv>

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::failure;
using engine::Result;

constexpr std::string_view kHeaderEnd = "\r\n\r\n";

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_content_length(std::string_view name) {
  constexpr std::string_view kName = "content-length";
  return std::ranges::equal(name, kName, {}, to_lower);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// What of a header may be shown in a log: printable, and not much of it, since it may be code.
std::string quoted(std::string_view text) {
  std::string shown;
  for (char c : text.substr(0, 24)) shown += c >= ' ' && c <= '~' ? c : '?';
  return "'" + shown + "'";
}

std::unexpected<engine::Error> bad_frame(std::string why) {
  return failure(ErrorCode::bad_argument, "frame", std::move(why),
                 "the client must send Content-Length, an empty line and as many bytes");
}

Result<std::size_t> parse_length(std::string_view value, const FrameLimits& limits) {
  std::size_t length = 0;
  const char* const begin = value.data();
  const char* const end = begin + value.size();
  const auto [stopped, error] = std::from_chars(begin, end, length);
  if (value.empty() || stopped != end || error == std::errc::invalid_argument) {
    return bad_frame("Content-Length is " + quoted(value));
  }
  if (error == std::errc::result_out_of_range || length > limits.body) {
    return bad_frame("Content-Length is " + quoted(value) + ", the limit is " +
                     std::to_string(limits.body));
  }
  return length;
}

Result<std::size_t> parse_header(std::string_view header, const FrameLimits& limits) {
  std::optional<std::size_t> length;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return bad_frame("header line " + quoted(line));
    if (!is_content_length(trim(line.substr(0, colon)))) continue;
    if (length) return bad_frame("two Content-Length lines");
    const auto parsed = parse_length(trim(line.substr(colon + 1)), limits);
    if (!parsed) return parsed;
    length = *parsed;
  }
  if (!length) return bad_frame("a header without Content-Length");
  return *length;
}

}  // namespace

Result<bool> FrameReader::read_header() {
  const std::string_view unread = std::string_view(buffer_).substr(begin_);
  const std::size_t end = unread.find(kHeaderEnd, searched_);
  if (end == std::string_view::npos ? unread.size() > limits_.header : end > limits_.header) {
    return bad_frame("a header of more than " + std::to_string(limits_.header) +
                     " bytes begins with " + quoted(unread));
  }
  if (end == std::string_view::npos) {
    searched_ = unread.size() - std::min(unread.size(), kHeaderEnd.size() - 1);
    return false;
  }
  const auto length = parse_header(unread.substr(0, end), limits_);
  if (!length) return std::unexpected(length.error());
  length_ = *length;
  begin_ += end + kHeaderEnd.size();
  searched_ = 0;
  return true;
}

// Only while bytes are missing, so that a burst of small messages is moved once.
void FrameReader::drop_read() {
  buffer_.erase(0, begin_);
  begin_ = 0;
}

Result<std::optional<std::string>> FrameReader::next() {
  if (!length_) {
    const auto has_header = read_header();
    if (!has_header) return std::unexpected(has_header.error());
    if (!*has_header) {
      drop_read();
      return std::nullopt;
    }
  }
  if (buffer_.size() - begin_ < *length_) {
    drop_read();
    return std::nullopt;
  }
  std::string body = buffer_.substr(begin_, *length_);
  begin_ += *length_;
  length_.reset();
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  }
  return body;
}

std::string to_frame(std::string_view body) {
  std::string frame = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  frame.append(body);
  return frame;
}

}  // namespace inpaint::lsp
