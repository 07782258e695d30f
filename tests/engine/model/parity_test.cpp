// The transformer against transformers' own numbers (tests/golden/engine/make_qwen3_golden.py).

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <numeric>

#include "engine/decoding/forward_rows.h"
#include "engine/model/transformer_model.h"
#include "engine/model/weight_files.h"

#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 1e-4;

/// The value of a Result that a test cannot go on without.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  return std::move(*result);
}

fs::path golden_model(const std::string& name) {
  return fs::path(tests::source_folder()) / "tests/golden/engine" / name;
}

at::Tensor golden(const fs::path& folder, std::string_view name) {
  const SafetensorsFile file = must(SafetensorsFile::open(
      folder.parent_path() / (folder.filename().string() + ".expected.safetensors")));
  return must(read_tensor(file, *file.find(name)));
}

/// The logits of the rows `asked`: `n_causal` clean ones, and then one block.
Result<at::Tensor> logits_of(TransformerModel& model, KeyValueCache& cache,
                             std::span<const Row> rows, int n_causal, std::span<const int> asked) {
  ForwardRows forward(model.traits(), cache.length(), nullptr);
  const std::span<const Row> clean = rows.first(static_cast<std::size_t>(n_causal));
  forward.add_block(rows.subspan(clean.size()), forward.add_run(clean, kNoParent));
  for (const int row : asked) forward.ask(row, 0);
  return model.logits(cache, forward.input());
}

/// A folder with the golden model and the rows that it was asked for.
class Parity : public testing::TestWithParam<const char*> {
 protected:
  Parity() : folder_(golden_model(GetParam())), config_(must(load_config(folder_))) {
    model_ = std::make_unique<TransformerModel>(config_, must(load_weights(config_, folder_)),
                                                NumberTypes::fixed(Product::f32, 1),
                                                std::vector<TokenId>{});
    const at::Tensor ids = golden(folder_, "input_ids");
    for (std::int64_t i = 0; i < ids.size(1); ++i)
      rows_.push_back({static_cast<TokenId>(ids[0][i].item<std::int64_t>()), static_cast<int>(i)});
  }

  /// The logits of rows [begin, end), run on top of what the cache holds.
  at::Tensor run(KeyValueCache& cache, int begin, int end, bool causal = true) {
    std::vector<int> asked(static_cast<std::size_t>(end - begin));
    std::iota(asked.begin(), asked.end(), 0);
    const std::span<const Row> rows(rows_.data() + begin, static_cast<std::size_t>(end - begin));
    auto logits = logits_of(*model_, cache, rows, causal ? end - begin : 0, asked);
    EXPECT_TRUE(logits) << to_string(logits.error());
    return *logits;
  }

  static double distance(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
  }

  int size() const { return static_cast<int>(rows_.size()); }

  fs::path folder_;
  ModelConfig config_;
  std::unique_ptr<TransformerModel> model_;
  std::vector<Row> rows_;
};

TEST_P(Parity, CausalLogitsInOneForward) {
  const auto cache = model_->new_cache();
  EXPECT_LT(distance(run(*cache, 0, size()), golden(folder_, "logits")[0]), kTolerance);
}

TEST_P(Parity, CausalLogitsInPiecesOverTheCache) {
  const at::Tensor expected = golden(folder_, "logits")[0];
  const auto cache = model_->new_cache();
  int begin = 0;
  for (const int piece : {5, 1, 7, 1, 1, size() - 15}) {
    EXPECT_LT(distance(run(*cache, begin, begin + piece), expected.narrow(0, begin, piece)),
              kTolerance)
        << "rows " << begin << " to " << begin + piece;
    begin += piece;
  }
  EXPECT_EQ(cache->length(), size());
}

TEST_P(Parity, RewoundCacheIsExact) {
  const at::Tensor expected = golden(folder_, "logits")[0];
  const auto cache = model_->new_cache();
  run(*cache, 0, size());
  cache->truncate(9);
  run(*cache, 12, 15);  // other rows than those that stood there
  cache->truncate(9);
  EXPECT_LT(distance(run(*cache, 9, size()), expected.narrow(0, 9, size() - 9)), kTolerance);
}

TEST_P(Parity, AnOpenBlockSeesItselfBothWays) {
  const auto cache = model_->new_cache();
  EXPECT_LT(distance(run(*cache, 0, size(), false), golden(folder_, "logits_full")[0]), kTolerance);
}

TEST_P(Parity, CleanRowsBeforeABlockDoNotSeeIt) {
  const at::Tensor expected = golden(folder_, "logits")[0];
  const auto cache = model_->new_cache();
  const std::vector<int> asked{0, 4, 9};
  const auto logits = logits_of(*model_, *cache, rows_, 10, asked);
  ASSERT_TRUE(logits);
  for (std::size_t i = 0; i < asked.size(); ++i)
    EXPECT_LT(distance((*logits)[static_cast<std::int64_t>(i)], expected[asked[i]]), kTolerance);
}

TEST_P(Parity, ProductsByBf16WeightsStayClose) {
  for (const auto& [product, tolerance] :
       {std::pair(Product::bf16, 0.05), {Product::packed, 0.02}}) {
    TransformerModel narrow(config_, must(load_weights(config_, folder_)),
                            NumberTypes::fixed(product, 1), {});
    const auto cache = narrow.new_cache();
    std::vector<int> asked(rows_.size());
    std::iota(asked.begin(), asked.end(), 0);
    const auto logits = logits_of(narrow, *cache, rows_, size(), asked);
    ASSERT_TRUE(logits);
    const at::Tensor expected = golden(folder_, "logits")[0];
    EXPECT_LT(distance(*logits, expected), tolerance * expected.abs().max().item<double>());
  }
}

// What lossless decoding rests on: forwards of many rows and of one say the same, to the bit.
TEST_P(Parity, APackedRowIsTheSameInAnyCompany) {
  TransformerModel model(config_, must(load_weights(config_, folder_)),
                         NumberTypes::fixed(Product::packed, 1), {});
  const auto whole = model.new_cache();
  std::vector<int> asked(rows_.size());
  std::iota(asked.begin(), asked.end(), 0);
  const auto together = logits_of(model, *whole, rows_, size(), asked);
  ASSERT_TRUE(together);
  for (const int width : {1, 2, 3, 5, 7}) {
    const auto cache = model.new_cache();
    for (int first = 0; first < size(); first += width) {
      const int n = std::min(width, size() - first);
      const auto part = std::span<const Row>(rows_).subspan(static_cast<std::size_t>(first),
                                                            static_cast<std::size_t>(n));
      const auto some =
          logits_of(model, *cache, part, n, std::span(asked).first(static_cast<std::size_t>(n)));
      ASSERT_TRUE(some);
      EXPECT_TRUE(some->equal(together->narrow(0, first, n))) << width << " rows from " << first;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Families, Parity, testing::Values("tiny_qwen3", "tiny_qwen2"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(TransformerModel, RefusesPositionsThatItDoesNotHave) {
  const fs::path folder = golden_model("tiny_qwen3");
  const ModelConfig config = must(load_config(folder));
  TransformerModel model(config, must(load_weights(config, folder)),
                         NumberTypes::fixed(Product::f32, 1), {});
  const auto cache = model.new_cache();
  const std::vector<Row> rows{{1, config.max_positions}};
  const auto outcome = model.forward(*cache, {rows, {}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::bad_argument);
}

TEST(TransformerModel, NeverProposesWhatIsForbidden) {
  const fs::path folder = golden_model("tiny_qwen3");
  const ModelConfig config = must(load_config(folder));
  std::vector<TokenId> never(static_cast<std::size_t>(config.vocabulary) - 20);
  std::iota(never.begin(), never.end(), 0);
  TransformerModel model(config, must(load_weights(config, folder)),
                         NumberTypes::fixed(Product::f32, 1), never);
  const auto cache = model.new_cache();
  const std::vector<Row> rows{{3, 0}, {5, 1, 0}};
  const std::vector<int> asked{0, 1};
  const auto outcome = model.forward(*cache, {rows, asked});
  ASSERT_TRUE(outcome);
  for (const Distribution& distribution : *outcome) {
    float sum = 0.0F;
    for (const Candidate& candidate : distribution.top) {
      EXPECT_GE(candidate.token, config.vocabulary - 20);
      sum += candidate.probability;
    }
    EXPECT_LE(sum, 1.0F + 1e-5F);
    EXPECT_GT(sum, 0.75F);  // 16 of the 20 that may be proposed
  }
}

TEST(TransformerModel, SaysWhenTheWeightsAreNotNumbers) {
  const fs::path folder = golden_model("tiny_qwen3");
  const ModelConfig config = must(load_config(folder));
  TransformerWeights weights = must(load_weights(config, folder));
  weights.final_norm.fill_(std::numeric_limits<float>::quiet_NaN());
  TransformerModel model(config, weights, NumberTypes::fixed(Product::f32, 1), {});
  const auto cache = model.new_cache();
  const std::vector<Row> rows{{3, 0}};
  const std::vector<int> asked{0};
  const auto outcome = model.forward(*cache, {rows, asked});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::not_finite);
}

}  // namespace
}  // namespace inpaint::engine
