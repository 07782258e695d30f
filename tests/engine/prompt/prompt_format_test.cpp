#include "engine/prompt/prompt_format.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/prompt/fim_format.h"
#include "engine/prompt/inpaint_format.h"
#include "tests/engine/mini_tokenizer.h"

namespace inpaint::engine {
namespace {

using testing::ElementsAre;

TEST(PromptFormat, IsFoundByItsNameAlone) {
  for (const PromptFormat* format : prompt_formats()) {
    EXPECT_EQ(find_prompt_format(format->name), format);
    EXPECT_NE(prompt_format_names().find(format->name), std::string::npos);
  }
  for (const char* name : {"", "inpaint", "inpaint-2", "Inpaint-1", "inpaint-1 "})
    EXPECT_EQ(find_prompt_format(name), nullptr) << name;
}

TEST(PromptFormat, CountsTheMarkersThatItAdds) {
  const SpecialTokens special = special_tokens(mini_tokenizer());
  const PromptParts parts{.path = {1000}, .snippets = {{{1001}, {1002}}}, .before = {1003}};
  for (const PromptFormat* format : prompt_formats()) {
    const std::vector<TokenId> tokens = format->assemble(special, parts);
    const auto markers = std::ranges::count_if(tokens, [](TokenId id) { return id < 1000; });
    const auto of_snippets = std::ranges::count(tokens, 1002);
    EXPECT_EQ(markers - of_snippets, format->n_markers) << format->name;
  }
}

TEST(FimFormat, PartsComeInTheOrderOfTheirFormat) {
  const SpecialTokens s = special_tokens(mini_tokenizer());
  PromptParts parts;
  parts.path = {1000, 1001};
  parts.far = {1005};
  parts.before = {1006};
  parts.near = {1007};
  EXPECT_THAT(kFimPsm1.assemble(s, parts), ElementsAre(s.prefix, 1006, s.near, 1007, 1005));
  EXPECT_THAT(kFimSpm1.assemble(s, parts), ElementsAre(s.near, 1007, 1005, s.prefix, 1006));
  EXPECT_THAT(kFimFile1.assemble(s, parts),
              ElementsAre(s.file, 1000, 1001, s.prefix, 1006, s.near, 1007, 1005));
  EXPECT_THAT(kPrefix1.assemble(s, parts), ElementsAre(1006));
  parts.snippets = {{{1002}, {1003}}, {{}, {1004}}};
  EXPECT_THAT(kFimPsm1.assemble(s, parts),
              ElementsAre(s.file, 1002, 1003, s.file, 1004, s.file, 1000, 1001, s.prefix, 1006,
                          s.near, 1007, 1005));
  SpecialTokens without_files = s;
  without_files.file = kNoToken;
  EXPECT_THAT(kFimPsm1.assemble(without_files, parts),
              ElementsAre(s.prefix, 1006, s.near, 1007, 1005));
}

TEST(InpaintFormat, PartsComeInItsOrder) {
  PromptParts parts;
  parts.path = {100};
  parts.snippets = {{{101}, {102, 103}}, {{104}, {}}};
  parts.far = {105};
  parts.before = {106};
  parts.near = {107};
  const SpecialTokens s = special_tokens(mini_tokenizer());
  EXPECT_THAT(kInpaint1.assemble(s, parts),
              ElementsAre(s.file, 100, s.snippet, 101, 102, 103, s.snippet, 104, s.far, 105,
                          s.prefix, 106, s.near, 107));
}

}  // namespace
}  // namespace inpaint::engine
