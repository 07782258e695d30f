#include "engine/tokenizer/named_splits.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/tokenizer/piece_splitter.h"
#include "engine/tokenizer/split_pattern.h"
#include "tests/engine/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

PieceSplitter compile(const NamedSplit& split) {
  std::vector<std::string> patterns;
  for (const std::string_view pattern : split.patterns) {
    auto translated = translate_split_pattern(pattern, "t");
    if (!translated) throw std::runtime_error(to_string(translated.error()));
    patterns.push_back(*translated);
  }
  auto splitter = PieceSplitter::compile(patterns, "t");
  if (!splitter) throw std::runtime_error(to_string(splitter.error()));
  return *splitter;
}

std::string pieces_of(const PieceSplitter& splitter, std::string_view text) {
  std::string shown;
  std::size_t begin = 0;
  for (const std::size_t end : splitter.split(text)) {
    if (begin > 0) shown += '|';
    shown += text.substr(begin, end - begin);
    begin = end;
  }
  return shown;
}

// tests/golden/tokenizers/make.py wrote them.
TEST(NamedSplits, CutWhereTheReferenceCuts) {
  const json golden = json::parse(
      TemporaryFolder::read(tests::source_folder() + "/tests/golden/tokenizers/splits.json"));
  const auto texts = golden["texts"].get<std::vector<std::string>>();
  ASSERT_GT(texts.size(), 100U);
  std::string names;
  for (const auto& [name, ends] : golden.items()) {
    if (name == "texts") continue;
    names += names.empty() ? name : ", " + name;
    const NamedSplit* split = find_named_split(name);
    ASSERT_NE(split, nullptr) << name;
    const PieceSplitter splitter = compile(*split);
    ASSERT_EQ(ends.size(), texts.size()) << name;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      EXPECT_EQ(splitter.split(texts[i]), ends[i].get<std::vector<std::size_t>>())
          << name << ": " << json(texts[i]);
    }
  }
  EXPECT_EQ(names, names_of_splits());  // both in order: none is served without a golden
}

TEST(NamedSplits, DifferWhereTheModelsDo) {
  const std::string text = "x = 1234;\n  it's";
  const std::pair<const char*, const char*> cases[] = {
      {"gpt-2", "x| =| 1234|;|\n | it|'s"},
      {"starcoder", "x| =| |1|2|3|4|;|\n | it|'s"},
      {"llama-bpe", "x| =| |123|4|;\n| | it|'s"},
      {"qwen2", "x| =| |1|2|3|4|;\n| | it|'s"},
      {"seed-coder", "x| =| |1|2|3|4|;|\n| | it|'s"},
      {"deepseek-coder", "x| = |1|2|3|4|;|\n| | it|'|s"},
  };
  for (const auto& [name, expect] : cases) {
    EXPECT_EQ(pieces_of(compile(*find_named_split(name)), text), expect) << name;
  }
}

TEST(NamedSplits, OnlyLlama3IgnoresMerges) {
  EXPECT_TRUE(find_named_split("llama-bpe")->ignore_merges);
  EXPECT_FALSE(find_named_split("dbrx")->ignore_merges);
  EXPECT_FALSE(find_named_split("qwen2")->ignore_merges);
}

TEST(NamedSplits, KnowsNoOtherName) {
  for (const char* name : {"", "default", "qwen", "Qwen2", "qwen2 ", "tekken"}) {
    EXPECT_EQ(find_named_split(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace inpaint::engine
