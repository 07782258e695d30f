#include "lsp/protocol/frame_reader.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

/// What a reader makes of `bytes`: the bodies, each in brackets, and "!" where it gives up.
std::string read_all(std::string_view bytes, std::size_t piece = 1 << 20, FrameLimits limits = {}) {
  FrameReader reader(limits);
  std::string read;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (true) {
      const auto body = reader.next();
      if (!body) return read + "!";
      if (!*body) break;
      read += "[" + **body + "]";
    }
  }
  return read + (reader.at_border() ? "" : "...");
}

struct FrameCase {
  const char* name;
  std::string bytes;
  const char* expect;
};

const FrameCase kCases[] = {
    {"nothing", "", ""},
    {"one", "Content-Length: 2\r\n\r\n{}", "[{}]"},
    {"two at once", "Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n[1]", "[{}][[1]]"},
    {"an empty body", "Content-Length: 0\r\n\r\n", "[]"},
    {"other headers",
     "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-LENGTH:2\r\n\r\n{}",
     "[{}]"},
    {"a body that is under way", "Content-Length: 9\r\n\r\n{", "..."},
    {"a header that is under way", "Content-Length: 9\r\n", "..."},
    {"a body shorter than it says takes the next header along",
     "Content-Length: 6\r\n\r\n{}Content-Length: 2\r\n\r\n{}", "[{}Cont]!"},
    {"garbage", "what is this?\r\n\r\n", "!"},
    {"a header without a length", "Content-Type: x\r\n\r\n{}", "!"},
    {"no header at all", "\r\n\r\n{}", "!"},
    {"a gigabyte", "Content-Length: 1073741824\r\n\r\n", "!"},
    {"more than 64 bits", "Content-Length: 99999999999999999999999\r\n\r\n", "!"},
    {"a negative length", "Content-Length: -2\r\n\r\n{}", "!"},
    {"a length that is no number", "Content-Length: 0x2\r\n\r\n{}", "!"},
    {"a length without digits", "Content-Length: \r\n\r\n{}", "!"},
    {"two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "!"},
    {"a header without an end", std::string(9000, 'x'), "!"},
    {"a long header that ends", std::string(9000, 'x') + ": 1\r\nContent-Length: 2\r\n\r\n{}", "!"},
};

TEST(FrameReader, Cases) {
  for (const FrameCase& c : kCases) {
    EXPECT_EQ(read_all(c.bytes), c.expect) << c.name;
    EXPECT_EQ(read_all(c.bytes, 1), c.expect) << c.name << ", byte by byte";
  }
}

TEST(FrameReader, RefusesByTheNumberBeforeABodyIsThere) {
  FrameReader reader({.header = 100, .body = 10});
  reader.feed("Content-Length: 11\r\n\r\n");
  const auto refused = reader.next();
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().why.find("11"), std::string::npos) << refused.error().why;
  EXPECT_NE(refused.error().why.find("10"), std::string::npos) << refused.error().why;
}

TEST(FrameReader, AnErrorShowsLittleOfWhatCame) {
  FrameReader reader;
  reader.feed("secret = 'a very long line of code with a password in it'\x01\r\n\r\n");
  const auto refused = reader.next();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().why.find("password"), std::string::npos) << refused.error().why;
}

TEST(FrameReader, GivesBackWhatWasFramedHoweverItIsCut) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::string bytes;
    std::string expected;
    const auto n_frames = 1 + random() % 8;
    for (unsigned i = 0; i < n_frames; ++i) {
      std::string body;
      const auto length = random() % 200;
      for (unsigned b = 0; b < length; ++b) body += static_cast<char>(random());
      bytes += to_frame(body);
      expected += "[" + body + "]";
    }
    ASSERT_EQ(read_all(bytes, 1 + random() % 64), expected);
  }
}

}  // namespace
}  // namespace inpaint::lsp
