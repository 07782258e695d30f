// What the search for a model finds in a user's folders and beside an installed program.
#include "lsp/models/model_shelf.h"

#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;

const std::string kCatalogue = R"("models": [{"name": "small", "title": "t", "publisher": "p",
    "revision": "r", "address": "https://example.org/f", "file": "small-q4.gguf", "bytes": 4,
    "licence": "MIT", "permissive": true, "languages": [],
    "sha256": ")" + std::string(64, 'a') +
                               R"("}]})";

struct DefaultCase {
  const char* name;
  std::string catalogue;
  const char* file;  // null: there is none
  const char* content = "GGUF";
  const char* expect = nullptr;  // null: there is no default
};

TEST(ModelShelf, HasADefaultWhereTheCatalogueNamesOneAndItIsHere) {
  const std::string names = R"({"default": "small", )" + kCatalogue;
  const char* const own = "data/models/small-q4.gguf";
  const char* const set_up = "cache/models/small-q4.gguf";
  const DefaultCase cases[] = {
      {"fetched by the user", names, own, "GGUF", own},
      {"brought by the set-up", names, set_up, "GGUF", set_up},
      {"not here", names, nullptr},
      {"of another size: who opens it says so", names, own, "GGU", own},
      {"a download that was interrupted", names, "data/models/small-q4.gguf.part"},
      {"here, and no default is named", "{" + kCatalogue, own},
      {"here, and the catalogue is damaged", names.substr(0, 40), own},
      {"here, and the catalogue names what it does not have",
       R"({"default": "large", )" + kCatalogue, own},
  };
  for (const DefaultCase& c : cases) {
    const test::TemporaryFolder folder;
    const fs::path root = folder.path();
    for (const char* made : {"data/models", "cache/models", "opt/share/inpaint/models"})
      fs::create_directories(root / made);
    folder.write("opt/share/inpaint/models/catalogue.json", c.catalogue);
    if (c.file) folder.write(c.file, c.content);
    const auto shelf =
        model_shelf(model_folders(root / "data", root / "cache", {}), root / "opt/bin/inpaint");
    const auto found = shelf.default_model();
    EXPECT_EQ(found ? found->path : fs::path(), c.expect ? root / c.expect : fs::path()) << c.name;
    EXPECT_EQ(found ? found->default_name : "", c.expect ? "small" : "") << c.name;
  }
}

TEST(ModelShelf, SaysWhatIsWrongWithAModelThatIsNamed) {
  const test::TemporaryFolder folder;
  const fs::path root = folder.path();
  for (const char* made : {"data/models", "opt/share/inpaint/models"})
    fs::create_directories(root / made);
  folder.write("opt/share/inpaint/models/catalogue.json", "{" + kCatalogue);
  const auto shelf = model_shelf(model_folders(root / "data", {}, {}), root / "opt/bin/inpaint");
  EXPECT_EQ(shelf.find("small").error().why, "it is not here");
  folder.write("data/models/small-q4.gguf", "GGU");
  const auto damaged = shelf.find("small");
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().what, (root / "data/models/small-q4.gguf").string());
  EXPECT_EQ(damaged.error().why, "has 3 bytes and should have 4");
  EXPECT_FALSE(*shelf.find("other"));
}

}  // namespace
}  // namespace inpaint::lsp
