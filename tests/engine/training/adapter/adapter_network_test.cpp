// Mask rows with gradients, against the engine's own forward of the same base.
#include "engine/training/adapter/adapter_network.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "engine/service/pretrained_engine.h"
#include "engine/training/adapter/base_writer.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

class AdapterNetworkOn : public testing::TestWithParam<const char*> {
 protected:
  AdapterNetworkOn()
      : parts_(load_pretrained_parts({.model = (std::filesystem::path(tests::source_folder()) /
                                                "tests/golden/pretrained" / GetParam())
                                                   .string()})
                   .value()),
        model_(parts_.config, parts_.weights,
               TokenChoice(parts_.config.vocabulary, parts_.never_proposed(), parts_.setting.ends),
               1),
        writer_(model_, parts_.setting.special) {}

  std::vector<TokenId> prompt(int size, int from) const {
    std::vector<TokenId> tokens;
    for (int i = 0; i < size; ++i) tokens.push_back((from + 7 * i) % 200);
    return tokens;
  }
  std::vector<TokenId> whole_vocabulary() const {
    std::vector<TokenId> tokens;
    for (TokenId id = 0; id < parts_.config.vocabulary; ++id) tokens.push_back(id);
    return tokens;
  }

  void set_embedding(const AdapterNetwork& network, const Parameter& masks, TokenId token) const {
    std::vector<float> wanted(static_cast<std::size_t>(parts_.config.hidden));
    parts_.weights.embedding.row(token, wanted.data());
    // What is trained is the way from where it begins, in units of its own: finished() says both.
    const auto finished = [&](double value) {
      std::vector<at::Tensor> values;
      for (const Parameter& parameter : network.parameters())
        values.push_back(at::full_like(parameter.working, value));
      for (const auto& [name, tensor] : network.finished(values))
        if (name == "masks") return tensor;
      return at::Tensor();
    };
    const at::Tensor begin = finished(0.0), unit = finished(1.0) - begin;
    at::Tensor(masks.working).copy_((at::tensor(wanted) - begin) / unit);
  }

  PretrainedParts parts_;
  PretrainedModel model_;
  BaseWriter writer_;
};

TEST_P(AdapterNetworkOn, WritesSideBySideWhatItWritesAlone) {
  const std::vector<std::vector<TokenId>> prompts{prompt(20, 3), prompt(100, 50), prompt(9, 90)};
  const auto together = writer_.write(prompts, 12);
  ASSERT_TRUE(together) << to_string(together.error());
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const auto alone = writer_.write({&prompts[i], 1}, 12);
    ASSERT_TRUE(alone);
    EXPECT_EQ((*together)[i].tokens, (*alone)[0].tokens);
    EXPECT_EQ((*together)[i].context, static_cast<int>(prompts[i].size()));
    for (std::size_t layer = 0; layer < (*alone)[0].keys.size(); ++layer) {
      EXPECT_TRUE(at::equal((*together)[i].keys[layer], (*alone)[0].keys[layer]));
      EXPECT_TRUE(at::equal((*together)[i].values[layer], (*alone)[0].values[layer]));
    }
    EXPECT_EQ((*alone)[0].keys[0].size(1),
              (*alone)[0].context + static_cast<std::int64_t>((*alone)[0].tokens.size()) - 1);
  }
}

/// Where nothing is trained yet, a mask that has the embedding of a token is a row of the base with it.
TEST_P(AdapterNetworkOn, AnUntrainedMaskIsARowOfTheBase) {
  const std::vector<std::vector<TokenId>> prompts{prompt(20, 3), prompt(33, 60)};
  const auto spans = writer_.write(prompts, 6);
  ASSERT_TRUE(spans) << to_string(spans.error());
  const AdapterNetwork network(parts_.config, parts_.weights,
                               {.rank = 2, .masks = 1, .markov_rank = 0}, whole_vocabulary(),
                               at::kFloat, 1);
  constexpr TokenId kToken = 42;
  const at::NoGradGuard no_grad;
  for (const Parameter& parameter : network.parameters())
    if (parameter.name == "masks") set_embedding(network, parameter, kToken);
  const MaskBatch batch = network.batch(*spans);
  const at::Tensor logits = network.logits(batch);
  ASSERT_EQ(logits.size(1), parts_.config.vocabulary);

  std::int64_t row = 0;
  for (std::size_t i = 0; i < batch.parts.size(); ++i) {
    std::vector<TokenId> run = prompts[i];
    run.insert(run.end(), (*spans)[i].tokens.begin(), (*spans)[i].tokens.end());
    for (const int anchor : batch.parts[i].anchors) {
      std::vector<Row> rows;
      const int position = (*spans)[i].context + anchor + 1;
      for (int at = 0; at < position; ++at)
        rows.push_back({run[static_cast<std::size_t>(at)], at, at - 1});
      rows.push_back({kToken, position, position - 1});
      const auto cache = model_.new_cache();
      const std::vector<int> asked{position};
      const auto expected = model_.logits(*cache, {.rows = rows, .asked = asked});
      ASSERT_TRUE(expected) << to_string(expected.error());
      EXPECT_TRUE(at::allclose(logits[row++], at::tensor(*expected), 1e-3, 1e-4))
          << "span " << i << ", anchor " << anchor;
    }
  }
  EXPECT_EQ(row, batch.rows);
}

TEST_P(AdapterNetworkOn, EveryPlaceThatHasTextBehindItHasMasksAndTargets) {
  const std::vector<std::vector<TokenId>> prompts{prompt(12, 5)};
  std::vector<WrittenSpan> spans = writer_.write(prompts, 6).value();
  spans[0].tokens = {0, 10, 11, 12, 13};  // the opening, and four that were written
  const AdapterNetwork network(parts_.config, parts_.weights,
                               {.rank = 2, .masks = 2, .markov_rank = 4}, {10, 12, 13}, at::kFloat,
                               1);
  const MaskBatch batch = network.batch(spans);
  EXPECT_EQ(batch.parts[0].anchors, (std::vector<int>{0, 1, 2}));
  const auto values = [](const at::Tensor& tensor) {
    return std::vector<std::int64_t>(tensor.data_ptr<std::int64_t>(),
                                     tensor.data_ptr<std::int64_t>() + tensor.numel());
  };
  using Values = std::vector<std::int64_t>;
  EXPECT_EQ(values(batch.positions), (Values{13, 14, 14, 15, 15, 16}));
  EXPECT_EQ(values(batch.left), (Values{0, -1, -1, 1, 1, 2}));
  EXPECT_EQ(values(batch.targets), (Values{-1, 1, 1, 2, 2, -1})) << "11 cannot be proposed";
}

INSTANTIATE_TEST_SUITE_P(Families, AdapterNetworkOn,
                         testing::Values("qwen2_tied.gguf", "qwen2_yarn.gguf"));

}  // namespace
}  // namespace inpaint::engine
