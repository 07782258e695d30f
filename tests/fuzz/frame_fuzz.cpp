// Frames: any bytes give messages, a wait for more, or an Error, and however they are cut into pieces
// they give the same. A message that was read can be written and read again.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/protocol/frame_reader.h"
#include "lsp/protocol/message.h"

using namespace inpaint::lsp;  // a program of one function

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct Outcome {
  std::vector<std::string> bodies;
  bool failed = false;
  bool operator==(const Outcome&) const = default;
};

Outcome read_all(std::string_view bytes, std::size_t piece) {
  FrameReader reader;
  Outcome outcome;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (true) {
      auto body = reader.next();
      if (!body) {
        outcome.failed = true;
        return outcome;
      }
      if (!*body) break;
      outcome.bodies.push_back(std::move(**body));
    }
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Outcome outcome = read_all(bytes, size + 1);
  require(outcome == read_all(bytes, 1 + size % 7));
  for (const std::string& body : outcome.bodies) {
    const auto message = parse_message(body);
    if (!message || message->kind != Message::Kind::request) continue;
    const auto again =
        parse_message(to_text(to_request(message->id, message->method, message->params)));
    // An absent `params` is written as null: the same to everybody who reads it.
    require(again && again->id == message->id && again->method == message->method);
  }
  return 0;
}
