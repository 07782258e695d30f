// Frames: any bytes give messages, lost ones among them, or a wait for more, and however they are
// cut into pieces they give the same. Whatever comes before it, a good frame is found again. A
// message that was read can be written and read again.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/protocol/frame_reader.h"
#include "lsp/protocol/message.h"

using namespace inpaint::lsp;  // a program of one function

namespace {

constexpr FrameLimits kLimits{.header = 256, .body = 4096};
constexpr std::string_view kGood = R"({"jsonrpc":"2.0","id":"good","method":"m"})";

void require(bool holds) {
  if (!holds) std::abort();
}

/// Of a message that was lost, what is told of it.
std::string told(const Unreadable& lost) {
  return std::to_string(static_cast<int>(lost.error.code)) + lost.error.message +
         lost.error.id.dump(-1, ' ', false, Json::error_handler_t::replace) + lost.method +
         lost.document;
}

std::vector<std::string> read_all(std::string_view bytes, std::size_t piece) {
  FrameReader reader(kLimits);
  std::vector<std::string> read;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (const auto body = reader.next())
      read.push_back(*body ? "body " + std::string(**body) : "lost " + told(body->error()));
  }
  return read;
}

/// A client that has gone wrong goes on with enough good messages to be understood again.
void require_recovery(std::string_view bytes) {
  std::string all(bytes);
  all += "\r\n\r\n";
  for (int i = 0; i < 3; ++i) all += to_frame(kGood);
  const std::vector<std::string> read = read_all(all, all.size());
  require(!read.empty() && read.back() == "body " + std::string(kGood));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> read = read_all(bytes, size + 1);
  require(read == read_all(bytes, 1 + size % 7));
  require_recovery(bytes);
  for (const std::string& one : read) {
    if (!one.starts_with("body ")) continue;
    const auto message = parse_message(std::string_view(one).substr(5));
    if (!message || message->kind != Message::Kind::request) continue;
    const auto again =
        parse_message(to_text(to_request(message->id, message->method, message->params)));
    // An absent `params` is written as null: the same to everybody who reads it.
    require(again && again->id == message->id && again->method == message->method);
  }
  return 0;
}
