#include "lsp/protocol/json_repair.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "engine/base/utf8.h"

namespace inpaint::lsp {
namespace {

struct RepairCase {
  const char* name;
  std::string text;
  std::string expect;
};

const std::string kMark = "\xEF\xBF\xBD";

const RepairCase kBytes[] = {
    {"nothing", "", ""},
    {"what is well-formed", "a\xC3\xA9\xF0\x9F\x98\x80", "a\xC3\xA9\xF0\x9F\x98\x80"},
    {"a lone continuation", "a\x80z", "a" + kMark + "z"},
    {"Latin-1", "caf\xE9!", "caf" + kMark + "!"},
    {"a cut character is one piece", "\xF0\x9F\x98|", kMark + "|"},
    {"a cut character at the end", "x\xE2\x82", "x" + kMark},
    {"a surrogate in UTF-8 is three pieces", "\xED\xA0\xBD", kMark + kMark + kMark},
    {"an overlong form is two pieces", "\xC0\x80", kMark + kMark},
};

TEST(JsonRepair, Bytes) {
  for (const RepairCase& c : kBytes) EXPECT_EQ(repair_utf8(c.text), c.expect) << c.name;
}

const RepairCase kEscapes[] = {
    {"a pair stays", R"("\ud83d\ude00")", R"("\ud83d\ude00")"},
    {"a lone high one", R"("a\ud83db")", R"("a\ufffdb")"},
    {"a lone low one", R"("a\ude00b")", R"("a\ufffdb")"},
    {"two high ones and a low one", R"("\ud83d\ud83d\ude00")", R"("\ufffd\ud83d\ude00")"},
    {"in the wrong order", R"("\ude00\ud83d")", R"("\ufffd\ufffd")"},
    {"at the end of the text", R"("\ud83d)", R"("\ufffd)"},
    {"capitals", R"("\uD83D")", R"("\ufffd")"},
    {"other escapes", R"("\\ud83d\n\u00e9\"")", R"("\\ud83d\n\u00e9\"")"},
    {"a cut escape", R"("\ud8)", R"("\ud8)"},
    {"a backslash at the end", "\"\\", "\"\\"},
};

TEST(JsonRepair, Escapes) {
  for (const RepairCase& c : kEscapes) EXPECT_EQ(repair_json(c.text), c.expect) << c.name;
}

TEST(JsonRepair, AnyBytesBecomeWellFormedAndStaySo) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    const auto length = random() % 40;
    for (unsigned i = 0; i < length; ++i) bytes += static_cast<char>(random());
    const std::string once = repair_utf8(bytes);
    ASSERT_EQ(engine::valid_utf8_prefix(once), once.size());
    ASSERT_EQ(repair_utf8(once), once);
  }
}

}  // namespace
}  // namespace inpaint::lsp
