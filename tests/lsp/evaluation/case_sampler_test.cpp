#include "lsp/evaluation/case_sampler.h"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "engine/base/utf8.h"

namespace inpaint::lsp {
namespace {

using grammar::HoleKind;

constexpr std::string_view kPython = "# A comment that says nothing of use.\n"
                                     "import math\n"
                                     "\n"
                                     "def area(radius):\n"
                                     "    \"\"\"What a größe.\"\"\"\r\n"
                                     "    if radius < 0:\n"
                                     "        raise ValueError('日本', radius)  \n"
                                     "    return math.pi * radius ** 2\n"
                                     "\n"
                                     "print(area(1))\n";

const grammar::Language* python() { return grammar::language_by_name("python"); }

bool is_blank_text(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

TEST(CaseSampler, CutsWhatItPromises) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const CaseSampler sampler(kPython, python());
  for (const HoleKind kind : {HoleKind::line, HoleKind::block, HoleKind::span}) {
    for (int i = 0; i < 300; ++i) {
      const auto hole = sampler.draw(kind, random);
      ASSERT_TRUE(hole) << to_string(kind);
      const EvalCase cut = sampler.cut(*hole, 1 << 20);
      EXPECT_EQ(cut.prefix + cut.target + cut.suffix, kPython);
      EXPECT_FALSE(is_blank_text(cut.target)) << cut.target;
      EXPECT_LE(cut.target.size(), kLongestTarget);
      for (const std::string& part : {cut.prefix, cut.target, cut.suffix})
        EXPECT_EQ(engine::valid_utf8_prefix(part), part.size()) << part;
      EXPECT_FALSE(cut.prefix.ends_with('\r') && (cut.target + cut.suffix).starts_with('\n'));
      EXPECT_FALSE((cut.prefix + cut.target).ends_with('\r') && cut.suffix.starts_with('\n'));
      if (kind == HoleKind::line) {
        EXPECT_EQ(cut.target.find('\n'), std::string::npos) << cut.target;
        EXPECT_TRUE(is_blank_text(cut.suffix.substr(0, cut.suffix.find('\n')))) << cut.suffix;
      }
    }
  }
}

TEST(CaseSampler, SeldomTakesCommentsAndPunctuation) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "# nothing of use\n);\nvalue = compute(1)\n";
  const CaseSampler sampler(text, python());
  std::mt19937_64 random(5);
  int dull = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto hole = sampler.draw(HoleKind::line, random);
    ASSERT_TRUE(hole);
    const grammar::ByteRange at = *hole;
    const std::size_t line = text.rfind('\n', at.begin) + 1;  // npos + 1 is the first line's 0
    dull += text[line] == 'v' ? 0 : 1;
  }
  EXPECT_GT(dull, 0);
  EXPECT_LT(dull, 200);
}

TEST(CaseSampler, GivesTheSameEverywhere) {
  // What one machine drew: another one draws the same, because nothing of the library's is used.
  std::mt19937_64 random(seed_of("area.py", 1));
  const CaseSampler sampler(kPython, python());
  std::string drawn;
  for (const HoleKind kind : {HoleKind::line, HoleKind::block, HoleKind::span, HoleKind::line}) {
    const auto hole = sampler.draw(kind, random);
    ASSERT_TRUE(hole);
    drawn += "[" + std::string(kPython.substr(hole->begin, hole->size())) + "]";
  }
  EXPECT_EQ(drawn, "[raise ValueError('日本', radius)][return math.pi * radius ** 2]"
                   "[adius):\n  ][th]");
  EXPECT_EQ(seed_of("", 0), 0xa8c7f832281a39c5ULL) << "FNV-1a of eight zero bytes";
  EXPECT_NE(seed_of("a", 1), seed_of("a", 2));
  EXPECT_NE(seed_of("a", 1), seed_of("b", 1));
}

TEST(CaseSampler, FindsNoBlockWithoutAGrammarAndNothingInNothing) {
  std::mt19937_64 random(1);
  EXPECT_FALSE(CaseSampler(kPython, nullptr).draw(HoleKind::block, random));
  EXPECT_TRUE(CaseSampler(kPython, nullptr).draw(HoleKind::line, random));
  for (const char* text : {"", "\n\n", "   \n\t\n"}) {
    for (const HoleKind kind : {HoleKind::line, HoleKind::block, HoleKind::span})
      EXPECT_FALSE(CaseSampler(text, python()).draw(kind, random)) << text;
  }
}

TEST(CaseSampler, CutsTheContextAtLineBorders) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "line " + std::to_string(i) + "\n";
  const CaseSampler sampler(text, nullptr);
  const std::size_t begin = text.find("500");
  const EvalCase cut = sampler.cut({begin, begin + 3}, 300);
  EXPECT_LE(cut.prefix.size() + cut.suffix.size(), 300U);
  EXPECT_GT(cut.prefix.size(), 150U);
  EXPECT_GT(cut.suffix.size(), 80U);
  EXPECT_TRUE(cut.prefix.starts_with("line ")) << cut.prefix;
  EXPECT_TRUE(cut.suffix.ends_with("\n")) << cut.suffix;
  EXPECT_NE(text.find(cut.prefix + cut.target + cut.suffix), std::string::npos);
}

struct GeneratedCase {
  const char* text;
  bool generated;
};
TEST(CaseSampler, KnowsWhatAProgramWrote) {
  const std::string long_line = "x = [" + std::string(2000, '1') + "]\n";
  std::string far(2000, '\n');
  far += "// Code generated by hand\n";
  for (const GeneratedCase& c : {GeneratedCase{"// Code generated by protoc. DO NOT EDIT.\n", true},
                                 {"/* @generated */\n", true},
                                 {"int main() { generate(); }\n", false},
                                 {long_line.c_str(), true},
                                 {far.c_str(), false},
                                 {"", false}})
    EXPECT_EQ(looks_generated(c.text), c.generated) << std::string_view(c.text).substr(0, 60);
}

}  // namespace
}  // namespace inpaint::lsp
