#include "engine/weights/gguf_header_bytes.h"

#include <cstring>

#include <fmt/format.h>

namespace inpaint::engine {
namespace {

constexpr std::size_t kWindowBytes = std::size_t{256} << 10;

// Far above every published model (the largest vocabularies take some 20 MB), and a bound of what a
// file that is nothing but header can make us read and keep.
constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{128} << 20;

constexpr const char* kFetchAgain = "fetch the file again";
constexpr const char* kWaitOrFetch = "wait for the download to end, or fetch the file again";

}  // namespace

GgufHeaderBytes::GgufHeaderBytes(GgufSource source, std::uint64_t file_size, std::string name)
    : source_(std::move(source)), file_size_(file_size), name_(std::move(name)) {}

void GgufHeaderBytes::refuse(std::string why, std::string remedy) {
  if (problem_) return;
  if (remedy.empty()) remedy = kFetchAgain;
  if (!place_.empty()) why = place_ + ": " + why;
  problem_ = Error{ErrorCode::bad_weights, name_, std::move(why), std::move(remedy)};
}

bool GgufHeaderBytes::can_hold(std::uint64_t count, std::uint64_t least_bytes,
                               std::string_view what) {
  if (failed()) return false;
  if (count <= left() / least_bytes) return true;
  refuse(fmt::format("{} {}, but only {} bytes are left in the file (it is cut or lies)", count,
                     what, left()),
         kWaitOrFetch);
  return false;
}

std::string GgufHeaderBytes::text(std::uint64_t limit) {
  const auto length = number<std::uint64_t>();
  if (!can_hold(length, 1, "bytes of text")) return {};
  if (length > limit) {
    refuse(fmt::format("a text of {} bytes, at most {} are read", length, limit));
    return {};
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  read(std::as_writable_bytes(std::span(text)));
  return failed() ? std::string() : text;
}

void GgufHeaderBytes::read(std::span<std::byte> out) {
  if (failed()) return;
  if (out.size() > left()) {
    refuse(fmt::format("the file ends inside of its header, at byte {}", file_size_), kWaitOrFetch);
    return;
  }
  if (position_ + out.size() > kMaxHeaderBytes) {
    refuse(fmt::format("the header is longer than {} bytes", kMaxHeaderBytes));
    return;
  }
  while (!out.empty()) {
    if (position_ == window_begin_ + window_.size() && !fill()) {
      std::ranges::fill(out, std::byte{});
      return;
    }
    const auto from = std::span(window_).subspan(position_ - window_begin_);
    const std::size_t n = std::min(from.size(), out.size());
    std::memcpy(out.data(), from.data(), n);
    out = out.subspan(n);
    position_ += n;
  }
}

bool GgufHeaderBytes::fill() {
  window_begin_ = position_;
  window_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kWindowBytes, left())));
  auto got = source_(position_, window_);
  if (!got) {
    problem_ = got.error();
  } else if (*got != window_.size()) {
    refuse(fmt::format("the file was cut while it was open, {} of {} bytes are left",
                       position_ + *got, file_size_),
           "fetch the file again, then restart");
  }
  return !failed();
}

}  // namespace inpaint::engine
