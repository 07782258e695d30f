#include "lsp/models/catalogue.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/project_folders.h"

namespace inpaint::lsp {
namespace {

using nlohmann::json;

json good() {
  return {{"name", "small"},
          {"title", "A small model"},
          {"publisher", "Somebody"},
          {"revision", "1"},
          {"address", "https://example.org/small.gguf"},
          {"file", "small-q4.gguf"},
          {"bytes", 1000},
          {"sha256", std::string(64, 'a')},
          {"licence", "MIT"},
          {"permissive", true},
          {"languages", {"c", "python"}}};
}

engine::Result<Catalogue> parse(const json& model) {
  return Catalogue::parse(json{{"models", {model}}}.dump(), "catalogue.json");
}

TEST(Catalogue, OfTheProjectCanBeRead) {
  const auto folder = catalogue_folder({});
  ASSERT_TRUE(folder);
  const auto catalogue = Catalogue::load(*folder / kCatalogueFile);
  ASSERT_TRUE(catalogue) << engine::to_string(catalogue.error());
  const KnownModel* const qwen = catalogue->find("qwen2.5-coder-0.5b");
  ASSERT_NE(qwen, nullptr);
  EXPECT_EQ(qwen->licence, "Apache-2.0");
  EXPECT_TRUE(qwen->permissive);
  EXPECT_TRUE(qwen->has_mirror);
  EXPECT_EQ(catalogue->default_model(), qwen);
  for (const KnownModel& model : catalogue->models()) {
    EXPECT_TRUE(model.address.starts_with("https://")) << model.name;
    EXPECT_NE(model.address.find(model.revision), std::string::npos)
        << model.name << ": an address without a revision may change what it names";
    EXPECT_TRUE(model.address.ends_with("/" + model.file)) << model.name;
    EXPECT_FALSE(model.sha256_stated_at.empty()) << model.name;
    EXPECT_FALSE(model.languages.empty()) << model.name;
  }
}

TEST(Catalogue, KeepsWhatItSays) {
  const auto catalogue = parse(good());
  ASSERT_TRUE(catalogue) << engine::to_string(catalogue.error());
  EXPECT_EQ(catalogue->find("other"), nullptr);
  const KnownModel* const model = catalogue->find("small");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->file, "small-q4.gguf");
  EXPECT_EQ(model->bytes, 1000U);
  EXPECT_EQ(model->languages, (std::vector<std::string>{"c", "python"}));
  EXPECT_FALSE(model->has_mirror);
}

TEST(Catalogue, RefusesWhatCouldMisleadByName) {
  struct Case {
    const char* key;
    json value;
  };
  const std::vector<Case> cases = {{"name", ""},
                                   {"name", "../small"},
                                   {"name", ".small"},
                                   {"name", "a b"},
                                   {"name", std::string(101, 'a')},
                                   {"file", "a/b.gguf"},
                                   {"file", "../small.gguf"},
                                   {"file", "small.bin"},
                                   {"address", "http://example.org/small.gguf"},
                                   {"address", "file:///etc/passwd"},
                                   {"address", "http://127.0.0.1.example.org/small.gguf"},
                                   {"address", "https://example.org/a b"},
                                   {"bytes", 0},
                                   {"bytes", -1},
                                   {"bytes", 1.5},
                                   {"bytes", std::uint64_t{1} << 50},
                                   {"sha256", std::string(63, 'a')},
                                   {"sha256", std::string(64, 'A')},
                                   {"permissive", "yes"},
                                   {"languages", "c"},
                                   {"languages", {1}},
                                   {"licence", nullptr},
                                   {"sha256_stated_at", 1}};
  for (const auto& [key, value] : cases) {
    json model = good();
    model[key] = value;
    const auto parsed = parse(model);
    ASSERT_FALSE(parsed) << key << " " << value;
    EXPECT_EQ(parsed.error().code, engine::ErrorCode::bad_config);
    EXPECT_NE(parsed.error().why.find("model 1: `" + std::string(key) + "` "), std::string::npos)
        << parsed.error().why;
  }
}

TEST(Catalogue, NamesADefaultAmongItsModelsOrNone) {
  struct Case {
    const char* name;
    json catalogue;
    const char* expect;
  };
  const Case cases[] = {
      {"none", {{"models", {good()}}}, "none"},
      {"one of its models", {{"models", {good()}}, {"default", "small"}}, "small"},
      {"a model that it does not have", {{"models", {good()}}, {"default", "large"}}, "refused"},
      {"the embedded model", {{"models", {good()}}, {"default", "mini"}}, "refused"},
      {"no text", {{"models", {good()}}, {"default", 1}}, "refused"},
      {"a null", {{"models", {good()}}, {"default", nullptr}}, "refused"},
  };
  for (const Case& c : cases) {
    const auto catalogue = Catalogue::parse(c.catalogue.dump(), "catalogue.json");
    const KnownModel* const named = catalogue ? catalogue->default_model() : nullptr;
    EXPECT_EQ(!catalogue ? "refused" : named ? named->name : "none", c.expect) << c.name;
    if (catalogue) continue;
    EXPECT_EQ(catalogue.error().why, "`default` names none of its models") << c.name;
  }
}

TEST(Catalogue, RefusesTwoOfOneNameOrFile) {
  for (const char* same : {"name", "file"}) {
    json other = good();
    other[std::string(same) == "name" ? "file" : "name"] = "other.gguf";
    EXPECT_FALSE(Catalogue::parse(json{{"models", {good(), other}}}.dump(), "c")) << same;
  }
}

TEST(Catalogue, RefusesWhatIsNone) {
  for (const char* text :
       {"", "[]", "{}", R"({"models": 1})", R"({"models": [1]})", "{\"models\": ["})
    EXPECT_FALSE(Catalogue::parse(text, "c")) << text;
}

}  // namespace
}  // namespace inpaint::lsp
