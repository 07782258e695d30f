#include "engine/prompt/prompt_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  for (const PromptFormat* format : prompt_formats())
    EXPECT_EQ(format->assemble(special, {}).size(), static_cast<std::size_t>(format->n_markers))
        << format->name;
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
