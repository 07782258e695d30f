#include "engine/model/quantisation.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "engine/model/weight_files.h"
#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

TEST(Quantisation, ErrorIsAtMostHalfAScale) {
  at::manual_seed(1);
  const at::Tensor matrix = at::randn({20, 128}) * at::rand({20, 1}) * 10.0;
  const auto quantised = quantise(matrix, "q8_g32");
  ASSERT_TRUE(quantised);
  EXPECT_EQ(quantised->integers.scalar_type(), at::kChar);
  EXPECT_EQ(quantised->scales.sizes(), (std::vector<std::int64_t>{20, 4}));
  const auto restored = dequantise(*quantised);
  ASSERT_TRUE(restored);
  const at::Tensor bound = quantised->scales.to(at::kFloat).repeat_interleave(32, 1) * 0.5 + 1e-6;
  // The largest of a group may be clamped where its scale was rounded down to f16.
  const at::Tensor slack = bound * 0.13;
  EXPECT_TRUE(((*restored - matrix).abs() <= bound + slack).all().item<bool>());
}

TEST(Quantisation, ZeroStaysZero) {
  const auto quantised = quantise(at::zeros({2, 64}), "q8_g64");
  ASSERT_TRUE(quantised);
  EXPECT_TRUE(dequantise(*quantised)->eq(0).all().item<bool>());
}

TEST(Quantisation, RefusesFormatsThatItDoesNotKnow) {
  for (const char* format : {"q4_g64", "q8_g0", "q8_g", "q8_g48", "q8_g64x", ""}) {
    const auto quantised = quantise(at::zeros({2, 64}), format);
    ASSERT_FALSE(quantised) << format;
    EXPECT_EQ(quantised.error().code, ErrorCode::bad_config) << format;
  }
}

ModelConfig small_config() {
  ModelConfig config;
  config.family = "inpaint_mini";
  config.hidden = 64;
  config.layers = 2;
  config.heads = 2;
  config.kv_heads = 1;
  config.head_dim = 32;
  config.intermediate = 128;
  config.vocabulary = 70;
  config.qk_norm = true;
  config.tied_embeddings = true;
  config.max_positions = 64;
  return config;
}

TransformerWeights random_weights(const ModelConfig& config) {
  at::manual_seed(4);
  TransformerWeights weights = empty_weights(config);
  for (const NamedTensor& named : named_tensors(config, weights)) named.tensor.normal_();
  return weights;
}

TEST(WeightFiles, ComeBackAsTheyWereSaved) {
  const ModelConfig config = small_config();
  const TransformerWeights weights = random_weights(config);
  struct {
    const char* format;
    double tolerance;
  } cases[] = {{"f32", 0.0}, {"bf16", 0.02}, {"q8_g64", 0.02}};
  for (const auto& c : cases) {
    const TemporaryFolder folder;
    const auto saved = save_weights(folder.path() / "model.safetensors",
                                    named_tensors(config, weights), c.format, {});
    ASSERT_TRUE(saved) << to_string(saved.error());
    const auto loaded = load_weights(config, folder.path());
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    const auto before = named_tensors(config, weights), after = named_tensors(config, *loaded);
    for (std::size_t i = 0; i < before.size(); ++i)
      EXPECT_LE((before[i].tensor - after[i].tensor).abs().max().item<double>(), c.tolerance)
          << c.format << " " << before[i].name;
  }
}

TEST(WeightFiles, NameTheTensorThatDoesNotFit) {
  const ModelConfig config = small_config();
  const TemporaryFolder folder;
  ASSERT_TRUE(save_weights(folder.path() / "model.safetensors",
                           named_tensors(config, random_weights(config)), "q8_g64", {}));
  struct {
    const char* name;
    void (*change)(ModelConfig&);
    const char* tensor;
    const char* why;
  } cases[] = {
      {"another width", [](ModelConfig& c) { c.intermediate = 96; }, "gate_proj",
       "[96, 64], got [128, 64]"},
      {"more layers", [](ModelConfig& c) { c.layers = 3; }, "layers.2", "missing"},
      {"another vocabulary", [](ModelConfig& c) { c.vocabulary = 71; }, "embed_tokens",
       "[71, 64], got [70, 64]"},
      {"a head of its own", [](ModelConfig& c) { c.tied_embeddings = false; }, "lm_head",
       "missing"},
  };
  for (const auto& c : cases) {
    ModelConfig other = config;
    c.change(other);
    const auto loaded = load_weights(other, folder.path());
    ASSERT_FALSE(loaded) << c.name;
    EXPECT_EQ(loaded.error().code, ErrorCode::bad_weights) << c.name;
    EXPECT_NE(loaded.error().what.find(c.tensor), std::string::npos) << to_string(loaded.error());
    EXPECT_NE(loaded.error().why.find(c.why), std::string::npos) << to_string(loaded.error());
  }
}

TEST(WeightFiles, IntegersNeedTheirScales) {
  const ModelConfig config = small_config();
  const TemporaryFolder folder;
  std::vector<NamedTensor> tensors = named_tensors(config, random_weights(config));
  std::vector<at::Tensor> kept;
  std::vector<TensorToWrite> to_write;
  for (const NamedTensor& named : tensors) {
    kept.push_back(named.tensor.to(at::kChar).contiguous());
    to_write.push_back(
        {named.name,
         DType::i8,
         kept.back().sizes().vec(),
         {static_cast<const std::byte*>(kept.back().data_ptr()), kept.back().nbytes()}});
  }
  ASSERT_TRUE(write_safetensors(folder.path() / "model.safetensors", to_write, {}));
  const auto loaded = load_weights(config, folder.path());
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().why.find(".scale"), std::string::npos);
}

}  // namespace
}  // namespace inpaint::engine
