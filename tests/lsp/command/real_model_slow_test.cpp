// The real program with the model that ships: what a user gets, not how good it is. The model's text
// depends on the processor, so no test holds any of it.

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/lsp/command/run_binary.h"
#include "tests/project_folders.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test::Outcome;
using test::run;

const char* const kSource =
    "import math\n\n\nclass Circle:\n    def __init__(self, radius):\n"
    "        self.radius = radius\n\n    def area(self):\n        return \n";

class RealModel : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(fs::exists(tests::source_folder() + "/engine/mini/model.safetensors"));
    file_ = folder_.write("circle.py", kSource);
  }

  /// The environment has a cache folder and nothing else, so that nobody's home is touched.
  Outcome complete(std::vector<std::string> options, std::string place = ":9:16") {
    options.insert(options.begin(), {"complete", file_ + place});
    return run(options, {"XDG_CACHE_HOME=" + (folder_.path() / "cache").string()});
  }

  Json answer(std::vector<std::string> options, std::string place = ":9:16") {
    options.push_back("--json");
    const Outcome outcome = complete(std::move(options), std::move(place));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return Json::parse(outcome.out, nullptr, false);
  }

  test::TemporaryFolder folder_;
  std::string file_;
};

TEST_F(RealModel, AnswersWithOneObjectAndLeavesTheFileAlone) {
  const Json json = answer({});
  ASSERT_TRUE(json.is_object());
  for (const char* key :
       {"text", "range", "kind", "errors_before", "errors_baseline", "errors_after", "probability",
        "confidence", "tokens", "forwards", "milliseconds", "alternatives"})
    EXPECT_TRUE(json.contains(key)) << key;
  EXPECT_EQ(json["range"]["begin"], std::string(kSource).size() - 1);
  EXPECT_EQ(json["kind"], "line");
  EXPECT_EQ(json["text"].get<std::string>().find('\n'), std::string::npos);
  EXPECT_EQ(json["confidence"].size(), json["tokens"].get<std::size_t>());
  EXPECT_EQ(test::content_of(file_), kSource);
}

TEST_F(RealModel, LosslessWritesWhatAutoregressionWrites) {
  for (const char* place : {":9:16", ":6:16", ":1:3", ":8:5"}) {
    const Json lossless = answer({"--mode", "lossless"}, place);
    const Json causal = answer({"--mode", "autoregressive"}, place);
    EXPECT_EQ(lossless["text"], causal["text"]) << place;
    EXPECT_LE(lossless["forwards"], causal["forwards"]) << place;
  }
}

TEST_F(RealModel, TheSameSeedGivesTheSameAnswer) {
  const std::vector<std::string> options{"--mode", "diffusion", "--alternatives",
                                         "4",      "--seed",    "7"};
  const Json first = answer(options);
  const Json second = answer(options);
  for (const char* key : {"text", "probability", "confidence", "forwards", "alternatives"})
    EXPECT_EQ(first[key], second[key]) << key;
}

TEST_F(RealModel, HonoursTheGreatestLength) {
  for (const char* mode : {"diffusion", "lossless", "autoregressive"}) {
    const Json json = answer({"--mode", mode, "--max-tokens", "2"});
    EXPECT_LE(json["tokens"].get<int>(), 2) << mode;
  }
}

TEST_F(RealModel, WatchShowsEachStep) {
  const Outcome outcome = complete({"--watch", "--mode", "diffusion", "--color", "never"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("[["), std::string::npos);
  const std::string shown = outcome.out + outcome.err;
  EXPECT_GE(std::count(shown.begin(), shown.end(), '\n'), 3);
}

TEST_F(RealModel, FillsALineOfAFileOfFiveMegabytes) {
  std::string text;
  while (text.size() < 5'000'000) text += "def area(radius):\n    return 3.14 * radius ** 2\n\n";
  const std::size_t line =
      static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) / 2 / 3 * 3 + 2;
  file_ = folder_.write("large.py", text);
  const Json json = answer({}, ":" + std::to_string(line) + ":12");
  ASSERT_TRUE(json.is_object());
  const std::size_t begin = json["range"]["begin"];
  EXPECT_EQ(text.substr(begin - 11, 11), "    return ")
      << "the range is in bytes of the whole file";
}

TEST_F(RealModel, DoctorFindsEverything) {
  const Outcome outcome =
      run({"doctor"}, {"XDG_CACHE_HOME=" + (folder_.path() / "cache").string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("inpaint_mini"), std::string::npos);
}

TEST_F(RealModel, ADamagedModelIsNamed) {
  const fs::path model = folder_.path() / "model";
  fs::copy(tests::source_folder() + "/engine/mini", model);
  fs::resize_file(model / "model.safetensors", fs::file_size(model / "model.safetensors") / 2);
  const Outcome outcome = complete({"--model", model.string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("model.safetensors"), std::string::npos) << outcome.err;
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
}

TEST_F(RealModel, TrainsOnAFolderOfSourceFiles) {
  fs::create_directory(folder_.path() / "data");
  for (int i = 0; i < 30; ++i)
    fs::copy(file_, folder_.path() / "data" / ("circle" + std::to_string(i) + ".py"));
  const fs::path state = folder_.path() / "state";
  const Outcome outcome =
      run({"train", "--data", (folder_.path() / "data").string(), "--from", "mini", "--steps", "2",
           "--batch", "1", "--context", "64", "--area", "64"},
          {"XDG_STATE_HOME=" + state.string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("kept out of training"), std::string::npos) << outcome.out;
  const fs::path made = *fs::directory_iterator(state / "inpaint/models");
  for (const auto& entry : fs::recursive_directory_iterator(made))
    EXPECT_EQ(entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all),
              fs::perms::none)
        << entry.path();
  const Outcome used = complete({"--model", (made / "model").string()});
  EXPECT_EQ(used.exit_code, 0) << used.err;
}

}  // namespace
}  // namespace inpaint::lsp
