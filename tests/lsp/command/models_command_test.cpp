#include "lsp/command/models_command.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

/// A catalogue whose default is `larger`, a file of four bytes.
constexpr const char* kCatalogue = R"({"default": "larger", "models": [{"name": "larger",
    "title": "t", "publisher": "p", "revision": "r", "address": "https://example.org/f",
    "file": "larger-q4.gguf", "bytes": 4, "licence": "MIT", "permissive": true, "languages": [],
    "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]})";

TEST(ModelsList, MarksTheOneThatAnswers) {
  struct Case {
    const char* name;
    const char* choice;   // of the user's configuration
    const char* content;  // of the default's file; null: it is not here
    const char* used;
  };
  const Case cases[] = {
      {"nothing is here or chosen", "{}", nullptr, "mini"},
      {"the default is here", "{}", "GGUF", "larger"},
      {"the default is here by half", "{}", "GG", "mini"},
      {"mini is chosen", R"({"model": "mini"})", "GGUF", "mini"},
      {"the default is chosen", R"({"model": "larger"})", "GGUF", "larger"},
      {"the default is chosen and has gone", R"({"model": "larger"})", nullptr, "larger"},
      {"another one is chosen", R"({"model": "own"})", "GGUF", "own"},
  };
  for (const Case& c : cases) {
    test::Machine machine;
    const std::string catalogue = machine.folder.write("c.json", kCatalogue);
    std::filesystem::create_directories(machine.folder.path() / "data/models");
    machine.data_folder = machine.folder.path() / "data";
    machine.config_folder = machine.folder.path();
    machine.folder.write("config.json", c.choice);
    machine.folder.write("data/models/own.gguf", "GGUF");
    if (c.content) machine.folder.write("data/models/larger-q4.gguf", c.content);
    const auto listed = machine.run({"models", "list", "--json", "--catalogue", catalogue});
    std::string used;
    for (const auto& row : nlohmann::json::parse(listed.out)) {
      if (row["used"] == true) used += row["name"];
      EXPECT_EQ(row["default"], row["name"] == "larger") << c.name;
      if (row["default"] == true) {
        EXPECT_EQ(row["kept_as"], (machine.data_folder / "models/larger-q4.gguf").string());
      }
    }
    EXPECT_EQ(used, c.used) << c.name;
    const auto shown = machine.run({"models", "list", "--catalogue", catalogue}).out;
    EXPECT_NE(shown.find("* " + used + " "), std::string::npos) << c.name << "\n" << shown;
  }
}

TEST(ModelsUse, MiniIsTheWayBackFromTheDefault) {
  test::Machine machine;
  const std::string catalogue = machine.folder.write("c.json", kCatalogue);
  const auto models = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "models");
    words.insert(words.end(), {"--catalogue", catalogue});
    return machine.run(words).out;
  };
  std::filesystem::create_directories(machine.folder.path() / "data/models");
  machine.data_folder = machine.folder.path() / "data";
  machine.config_folder = machine.folder.path() / "config";
  const std::string file = machine.folder.write("data/models/larger-q4.gguf", "GGUF");
  EXPECT_NE(models({"list"}).find("* larger "), std::string::npos);
  EXPECT_TRUE(models({"use", "mini"}).starts_with("mini is used from now on"));
  EXPECT_NE(models({"list"}).find("* mini "), std::string::npos);
  EXPECT_EQ(models({"remove", "larger"}), "removed " + file + "\n") << "it was not in use";
  machine.folder.write("data/models/larger-q4.gguf", "GGUF");
  EXPECT_TRUE(models({"use", "larger"}).starts_with("larger is used from now on"));
  EXPECT_EQ(models({"remove", "larger"}), "removed " + file + "\nmini is used now\n");
  machine.folder.write("data/models/larger-q4.gguf", "GGUF");
  EXPECT_EQ(models({"remove", "larger"}), "removed " + file + "\nmini is used now\n")
      << "nobody had chosen it";
}

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
