#include "engine/model_search.h"

#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"
#include "tests/engine/variable.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

Result<fs::path> path_of(const Result<FoundModel>& found) {
  return found ? Result<fs::path>(found->path) : std::unexpected(found.error());
}

class ModelSearch : public testing::Test {
 protected:
  ModelSearch() {
    for (const fs::path& model : {home_ / "mine", work_ / "mine", installed_}) {
      fs::create_directories(model);
      folder_.write((model / "config.json").lexically_relative(folder_.path()).string(), "{}");
    }
  }
  Result<fs::path> find(const std::optional<std::string>& named) const {
    return path_of(find_model(named, {work_, home_}, program_));
  }

  TemporaryFolder folder_;
  fs::path home_ = folder_.path() / "home";
  fs::path work_ = folder_.path() / "work";
  fs::path program_ = folder_.path() / "opt/bin/inpaint";
  fs::path installed_ = folder_.path() / "opt/share/inpaint/mini";
  Variable none_{"INPAINT_MODEL", std::nullopt};
};

TEST_F(ModelSearch, TakesEveryWayToNameAFolder) {
  for (const std::string& named :
       {(work_ / "mine").string(), std::string("mine"), std::string("./mine/"),
        std::string("mine/config.json"), (work_ / "mine//").string()})
    EXPECT_EQ(find(named), work_ / "mine") << named;
  for (const char* named : {"~/mine", "~/mine/", "~/mine/config.json"})
    EXPECT_EQ(find(named), home_ / "mine") << named;
}

TEST_F(ModelSearch, PrefersWhatIsNamedThenTheVariableThenItsOwn) {
  EXPECT_EQ(find(std::nullopt), installed_);
  const Variable variable("INPAINT_MODEL", "~/mine/");
  EXPECT_EQ(find(std::nullopt), home_ / "mine");
  EXPECT_EQ(find("mine"), work_ / "mine");
}

TEST_F(ModelSearch, MiniIsTheModelThatComesAlongUnlessOneLiesAtHand) {
  EXPECT_EQ(find("mini"), installed_);
  {
    const Variable variable("INPAINT_MODEL", "~/mine");
    EXPECT_EQ(find("mini"), installed_);
  }
  const Variable variable("INPAINT_MODEL", "mini");
  EXPECT_EQ(find(std::nullopt), installed_);
  fs::create_directory(work_ / "mini");
  EXPECT_EQ(find("mini"), installed_) << "a folder without a model is none";
  folder_.write("work/mini/config.json", "{}");
  EXPECT_EQ(find("mini"), work_ / "mini");
}

TEST_F(ModelSearch, NamesThePlaceWhereThereIsNone) {
  const auto found = find("nothing");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::file_not_found);
  EXPECT_NE(found.error().why.find((work_ / "nothing").string()), std::string::npos);
}

TEST_F(ModelSearch, NeedsNoFolderAroundIt) {
  EXPECT_EQ(path_of(find_model(std::nullopt, {}, program_)), installed_);
  EXPECT_EQ(path_of(find_model("mini", {}, program_)), installed_);
  EXPECT_EQ(embedded_model(program_), installed_);
  EXPECT_EQ(find_model("mine", {}, program_).error().code, ErrorCode::file_not_found);
  EXPECT_EQ(find_model("~/mine", {work_, ""}, program_).error().code, ErrorCode::bad_argument);
}

TEST_F(ModelSearch, AGgufFileIsAModelByItself) {
  folder_.write("work/small.gguf", "GGUF");
  EXPECT_EQ(find("small.gguf"), work_ / "small.gguf");
  EXPECT_EQ(find((work_ / "small.gguf").string()), work_ / "small.gguf");
  EXPECT_TRUE(holds_a_model(work_ / "small.gguf"));
  EXPECT_FALSE(holds_a_model(work_ / "absent.gguf"));
  EXPECT_FALSE(holds_a_model(work_));
}

class ModelShelfSearch : public ModelSearch {
 protected:
  ModelShelfSearch() {
    folder_.write("small.gguf", "GGUF");
    shelf_.chosen = [this]() -> Result<std::optional<std::string>> { return chosen_; };
    shelf_.find = [this](const std::string& name) -> Result<std::optional<fs::path>> {
      if (name == "small") return small_;
      if (name == "absent") return failure(ErrorCode::file_not_found, name, "not here", "get it");
      return std::nullopt;
    };
  }
  Result<FoundModel> find_with_name(const std::optional<std::string>& named) const {
    return find_model(named, {work_, home_}, program_, shelf_);
  }
  Result<fs::path> find(const std::optional<std::string>& named) const {
    return path_of(find_with_name(named));
  }

  fs::path small_ = folder_.path() / "small.gguf";
  std::optional<std::string> chosen_;
  ModelShelf shelf_;
};

TEST_F(ModelShelfSearch, FindsNamesThenPaths) {
  EXPECT_EQ(find("small"), small_);
  EXPECT_EQ(find("mine"), work_ / "mine");
  EXPECT_EQ(find("absent").error().remedy, "get it");
  const Variable variable("INPAINT_MODEL", "small");
  EXPECT_EQ(find(std::nullopt), small_);
}

TEST_F(ModelShelfSearch, AWordIsNoFolderOfTheWorkspace) {
  for (const char* name : {"work/small", "work/absent"}) {
    fs::create_directory(folder_.path() / name);
    folder_.write(std::string(name) + "/config.json", "{}");
  }
  EXPECT_EQ(find("small"), small_);
  EXPECT_EQ(find("absent").error().code, ErrorCode::file_not_found);
  EXPECT_EQ(find("./small"), work_ / "small");
}

TEST_F(ModelShelfSearch, TakesWhatWasChosenWhereNothingIsNamed) {
  EXPECT_EQ(find(std::nullopt), installed_);
  chosen_ = "small";
  EXPECT_EQ(find(std::nullopt), small_);
  EXPECT_EQ(find("mini"), installed_);
  EXPECT_EQ(find("mine"), work_ / "mine");
  chosen_ = (home_ / "mine").string();
  EXPECT_EQ(find(std::nullopt), home_ / "mine");
  chosen_ = "mini";
  EXPECT_EQ(find(std::nullopt), installed_);
  const Variable variable("INPAINT_MODEL", "mine");
  chosen_ = "small";
  EXPECT_EQ(find(std::nullopt), work_ / "mine");
}

TEST_F(ModelShelfSearch, WhatWasChosenIsNeverAFolderOfTheWorkspace) {
  chosen_ = "mine";  // lies in the working folder
  EXPECT_EQ(find(std::nullopt).error().code, ErrorCode::file_not_found);
  chosen_ = "./mine";
  EXPECT_EQ(find(std::nullopt).error().code, ErrorCode::file_not_found);
  chosen_ = (work_ / "gone").string();
  EXPECT_NE(find(std::nullopt).error().remedy.find("inpaint models use"), std::string::npos);
}

TEST_F(ModelShelfSearch, TheDefaultAnswersWhereNobodyHasNamedOrChosenAny) {
  struct Case {
    const char* name;
    std::optional<std::string> named;
    std::optional<std::string> variable;
    std::optional<std::string> chosen;
    bool is_here;
    fs::path path;  // empty: an error
    std::string default_name;
  };
  const fs::path usual = folder_.path() / "usual.gguf";
  const Case cases[] = {
      {"nothing is said", {}, {}, {}, true, usual, "usual"},
      {"nothing is said, and it is not here", {}, {}, {}, false, installed_, ""},
      {"another one is named", "mine", {}, {}, true, work_ / "mine", ""},
      {"another one is named by the environment", {}, "small", {}, true, small_, ""},
      {"another one is chosen", {}, {}, "small", true, small_, ""},
      {"mini is named", "mini", {}, {}, true, installed_, ""},
      {"mini is named by the environment", {}, "mini", {}, true, installed_, ""},
      {"mini is chosen", {}, {}, "mini", true, installed_, ""},
      {"it is named", "usual", {}, {}, true, usual, ""},
      {"it is chosen", {}, {}, "usual", true, usual, ""},
      {"it is named, and is not here", "usual", {}, {}, false, "", ""},
      {"it is chosen, and is not here", {}, {}, "usual", false, "", ""},
  };
  bool is_here = false;
  shelf_.find = [&, known = shelf_.find](const std::string& name) {
    if (name != "usual") return known(name);
    if (is_here) return Result<std::optional<fs::path>>(usual);
    return Result<std::optional<fs::path>>(
        failure(ErrorCode::file_not_found, name, "not here", "get it"));
  };
  shelf_.default_model = [&]() -> std::optional<FoundModel> {
    if (!is_here) return std::nullopt;
    return FoundModel{.path = usual, .default_name = "usual"};
  };
  for (const Case& c : cases) {
    const Variable variable("INPAINT_MODEL", c.variable);
    chosen_ = c.chosen;
    is_here = c.is_here;
    const auto found = find_with_name(c.named);
    EXPECT_EQ(found.value_or(FoundModel()), (FoundModel{c.path, c.default_name})) << c.name;
    if (!found) {
      EXPECT_EQ(found.error().code, ErrorCode::file_not_found) << c.name;
    }
  }
}

TEST_F(ModelShelfSearch, AConfigurationThatCannotBeReadIsSaid) {
  shelf_.chosen = []() -> Result<std::optional<std::string>> {
    return failure(ErrorCode::bad_config, "config.json", "no JSON");
  };
  EXPECT_EQ(find(std::nullopt).error().what, "config.json");
  EXPECT_EQ(find("small"), small_) << "it is not read where it is not needed";
}

}  // namespace
}  // namespace inpaint::engine
