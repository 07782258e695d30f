#include "lsp/command/models_command.h"

#include <string>

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

}  // namespace
}  // namespace inpaint::lsp
