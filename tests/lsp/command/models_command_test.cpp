#include "lsp/command/models_command.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

TEST(ModelsCheck, OpensTheModelAndSaysWhatItIs) {
  test::Machine machine;
  const std::string catalogue = machine.folder.write("c.json", R"({"models": []})");
  machine.cache_folder = (machine.folder.path() / "cache").string();
  const auto outcome = machine.run({"models", "check", "mini", "--catalogue", catalogue});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  ASSERT_EQ(machine.asked->opened.size(), 1U);
  EXPECT_EQ(machine.asked->opened[0].model, "mini");
  for (const char* part : {"inpaint_mini, 9.4M parameters", "writes       return 3.14 * r",
                           "2 tokens written", "bf16 from 1 row"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  EXPECT_NE(machine.run({"models", "list", "--catalogue", catalogue}).out.find("174 tokens/s"),
            std::string::npos)
      << "it was measured";
  machine.cache_folder = "/dev/null/cache";
  EXPECT_EQ(machine.run({"models", "check", "mini", "--catalogue", catalogue}).exit_code, 0)
      << "a measurement that cannot be kept is made again";
  machine.model_loads = false;
  EXPECT_EQ(machine.run({"models", "check", "mini", "--catalogue", catalogue}).exit_code, 1);
}

TEST(ModelsCheck, SaysHowTheModelIsAsked) {
  test::Machine machine;
  const std::string catalogue = machine.folder.write("c.json", R"({"models": []})");
  const std::vector<std::string> words = {"models", "check", "m.gguf", "--catalogue", catalogue};
  machine.script.info.prompt_format = "fim-psm-1";
  machine.script.info.fim_family = "qwen";
  EXPECT_NE(machine.run(words).out.find(
                "prompt   fim-psm-1: by its tokens and its name it is of the family qwen\n"),
            std::string::npos);
  machine.script.info.prompt_format = "prefix-1";
  machine.script.info.fim_family = "";
  machine.script.info.fim_order = engine::FimOrder::absent;
  EXPECT_NE(machine.run(words).out.find("it has no tokens to fill in the middle with"),
            std::string::npos);
  EXPECT_EQ(machine.asked->opened.size(), 2U) << "there is nothing to try";
}

TEST(ModelsCheck, TriesBothOrdersOfAModelThatNoFamilyIsKnownBy) {
  test::Machine machine;
  const std::string catalogue = machine.folder.write("c.json", R"({"models": []})");
  machine.script.info.prompt_format = "fim-psm-1";
  machine.script.info.fim_order = engine::FimOrder::assumed;
  machine.script.fills = {test::fill_of({test::set_token("int page = *left;", 0.9F)})};
  const auto outcome = machine.run({"models", "check", "m.gguf", "--catalogue", catalogue});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("orders   of 10 true lines 1 were right with fim-psm-1, 1 with "
                             "fim-spm-1: no difference, fim-psm-1 stays\n"),
            std::string::npos)
      << outcome.out;
  ASSERT_EQ(machine.asked->opened.size(), 3U);
  EXPECT_EQ(machine.asked->opened[1].prompt_format, "fim-psm-1");
  EXPECT_EQ(machine.asked->opened[2].prompt_format, "fim-spm-1");
}

}  // namespace
}  // namespace inpaint::lsp
