// The logits of tiny models of every family, against those of transformers: from a GGUF file and from
// a folder, at once and with a cache (tests/golden/pretrained/README.md).
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/base/file_handle.h"
#include "engine/model/pretrained/pretrained_model.h"
#include "engine/weights/gguf_file.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

struct Golden {
  std::string name;
  bool has_folder = false;  // else it is quantised: then rows are rounded to 8 bits
  std::vector<TokenId> tokens;
  std::vector<float> logits;  // [tokens, vocabulary]
};

fs::path golden_folder() { return fs::path(tests::source_folder()) / "tests/golden/pretrained"; }

std::vector<Golden> goldens() {
  std::vector<Golden> all;
  const auto index =
      nlohmann::json::parse(read_whole_file(golden_folder() / "index.json", 1 << 20).value());
  for (const auto& model : index["models"]) {
    Golden golden{
        .name = model["name"], .has_folder = !model["folder"].is_null(), .tokens = model["ids"]};
    const std::string bytes =
        read_whole_file(golden_folder() / (golden.name + ".logits.f32"), 1 << 20).value();
    golden.logits.resize(bytes.size() / sizeof(float));
    std::memcpy(golden.logits.data(), bytes.data(), bytes.size());
    all.push_back(std::move(golden));
  }
  return all;
}

Result<std::unique_ptr<PretrainedModel>> model_of(Result<PretrainedConfig> config,
                                                  Result<PretrainedWeights> weights) {
  if (!config) return std::unexpected(config.error());
  if (!weights) return std::unexpected(weights.error());
  TokenChoice choice(config->vocabulary, {}, std::vector<TokenId>{0});
  return std::make_unique<PretrainedModel>(*config, std::move(*weights), std::move(choice), 2);
}

Result<std::unique_ptr<PretrainedModel>> from_gguf(const std::string& name) {
  const Result<GgufFile> file = GgufFile::open(golden_folder() / (name + ".gguf"));
  if (!file) return std::unexpected(file.error());
  const auto config = pretrained_config(*file);
  if (!config) return std::unexpected(config.error());
  return model_of(config, load_pretrained(*file, *config, {}));
}

Result<std::unique_ptr<PretrainedModel>> from_folder(const std::string& name) {
  const auto config = pretrained_config(golden_folder() / name);
  if (!config) return std::unexpected(config.error());
  return model_of(config,
                  load_pretrained(golden_folder() / name, *config, kernels::BlockFormat::f32, {}));
}

/// Logits of all tokens, `step` rows a forward.
std::vector<float> logits_of(PretrainedModel& model, const std::vector<TokenId>& tokens,
                             std::size_t step) {
  const std::unique_ptr<KeyValueCache> cache = model.new_cache();
  std::vector<float> all;
  for (std::size_t begin = 0; begin < tokens.size(); begin += step) {
    std::vector<Row> rows;
    std::vector<int> asked;
    for (std::size_t i = begin; i < std::min(tokens.size(), begin + step); ++i) {
      const int row = static_cast<int>(rows.size());
      rows.push_back({tokens[i], static_cast<int>(i), row - 1});
      asked.push_back(row);
    }
    const auto logits = model.logits(*cache, {.rows = rows, .asked = asked});
    EXPECT_TRUE(logits) << to_string(logits.error());
    if (!logits) return all;
    all.insert(all.end(), logits->begin(), logits->end());
  }
  return all;
}

/// The greatest difference, over the greatest logit.
double distance(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return 1e9;
  double most = 0.0, scale = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    scale = std::max(scale, std::abs(static_cast<double>(b[i])));
  }
  return most / scale;
}

TEST(Parity, LogitsOfEveryFamilyAreThoseOfTransformers) {
  for (const Golden& golden : goldens()) {
    auto file = from_gguf(golden.name);
    ASSERT_TRUE(file) << golden.name << ": " << to_string(file.error());
    EXPECT_LT(distance(logits_of(**file, golden.tokens, golden.tokens.size()), golden.logits),
              golden.has_folder ? 1e-4 : 0.07)
        << golden.name << ".gguf";
    if (!golden.has_folder) continue;
    auto folder = from_folder(golden.name);
    ASSERT_TRUE(folder) << golden.name << ": " << to_string(folder.error());
    EXPECT_LT(distance(logits_of(**folder, golden.tokens, golden.tokens.size()), golden.logits),
              1e-4)
        << golden.name;
  }
}

TEST(Parity, ARowIsTheSameToTheBitInAnyCompany) {
  for (const Golden& golden : goldens()) {
    auto model = from_gguf(golden.name);
    ASSERT_TRUE(model) << golden.name << ": " << to_string(model.error());
    const std::vector<float> whole = logits_of(**model, golden.tokens, golden.tokens.size());
    for (const std::size_t step : {1, 3, 8, 17})
      EXPECT_EQ(logits_of(**model, golden.tokens, step), whole) << golden.name << ", " << step;
  }
}

}  // namespace
}  // namespace inpaint::engine
