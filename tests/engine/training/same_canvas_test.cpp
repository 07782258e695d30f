// Training and inference follow the same rule of who sees whom: the trainer's logits for the rows of
// a sample equal those of the engine that builds the same canvas step by step over its cache.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <numeric>

#include "engine/decoding/forward_rows.h"
#include "engine/model/transformer_model.h"
#include "engine/model/weight_files.h"
#include "engine/training/batch.h"
#include "engine/training/span_attention.h"
#include "engine/training/trainee.h"

#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

class SameCanvas : public testing::Test {
 protected:
  SameCanvas()
      : tokenizer_(*Tokenizer::load(std::filesystem::path(tests::source_folder()) /
                                    "engine/mini/tokenizer.json")),
        special_(*SpecialTokens::find(tokenizer_)) {
    shape_.context = 40;
    shape_.area = 64;
    shape_.block_widths = {4};
    config_.family = "inpaint_mini";
    config_.hidden = 64;
    config_.layers = 2;
    config_.heads = 4;
    config_.kv_heads = 2;
    config_.head_dim = 16;
    config_.intermediate = 96;
    config_.vocabulary = tokenizer_.size();
    config_.qk_norm = true;
    config_.tied_embeddings = true;
    config_.max_positions = 256;
    config_.copy_hints = kCopyHints;
    weights_ = initial_weights(config_, 3);
    at::Generator generator = at::detail::createCPUGenerator(4);
    for (CopyHintWeights& hint : weights_.copy_hints) {
      for (at::Tensor* weight : {&hint.projection.f32, &hint.bias, &hint.direction})
        weight->normal_(0.0, 0.2, generator);
      hint.strength.normal_(0.0, 0.02, generator);
    }
    // Larger than a fresh model's, so that rows differ visibly.
    for (LayerWeights& layer : weights_.layers)
      for (Matrix* matrix : {&layer.qkv, &layer.attention_out, &layer.gate_up, &layer.down})
        matrix->f32.mul_(8.0);
  }

  std::vector<TokenId> encode(std::string_view text) const {
    std::vector<TokenId> ids;
    for (const Token& token : tokenizer_.encode(text)) ids.push_back(token.id);
    return ids;
  }

  at::Tensor trainer_logits(const TrainingSample& sample) const {
    const Batch batch = make_batch({sample}, shape_, at::kFloat, at::kCPU);
    SpanAttention attention(batch.mask);
    const at::Tensor hidden = run_transformer(config_, weights_, rotary_table(config_, 256),
                                              batch.rows, attention, Product::f32);
    const at::Tensor logits = weights_.head.multiply(hidden[0], {}, Product::f32);
    const Boosts boosts = boosts_of(weights_, batch.rows, at::arange(shape_.rows()), hidden[0]);
    return logits.scatter_add(1, boosts.tokens, boosts.values);
  }

  Tokenizer tokenizer_;
  SpecialTokens special_;
  SampleShape shape_;
  ModelConfig config_;
  TransformerWeights weights_;
};

TEST_F(SameCanvas, TrainerAndEngineAgreeOnEveryRow) {
  const SampleWriter writer(tokenizer_, special_, shape_, {});
  SampleText text;
  text.parts.path = encode("shapes.py");
  text.parts.before = encode("def size(r):\n    return math.pi * 2\n\ndef area(r):\n    return ");
  text.parts.near = encode("\n\nprint(area(2))");
  text.spans = {encode("math.pi * r ** 2")};
  std::mt19937_64 random(17);
  const TrainingSample sample = writer.write(text, random);
  const at::Tensor expected = trainer_logits(sample);

  CopyHintLookup copies(tokenizer_, special_);
  TransformerModel model(config_, weights_, NumberTypes::fixed(Product::f32, 1), {});
  const auto cache = model.new_cache();
  const auto run = [&](const std::vector<int>& rows, int n_causal) {
    std::vector<Row> input;
    for (const int row : rows)
      input.push_back({sample.tokens[static_cast<std::size_t>(row)],
                       sample.positions[static_cast<std::size_t>(row)]});
    std::vector<int> asked(rows.size());
    std::iota(asked.begin(), asked.end(), 0);
    ForwardRows forward(model.traits(), cache->length(), &copies);
    const auto clean = std::span(input).first(static_cast<std::size_t>(n_causal));
    forward.add_block(std::span(input).subspan(clean.size()), forward.add_run(clean, kNoParent));
    for (const int row : asked) forward.ask(row, special_.end);
    const auto logits = model.logits(*cache, forward.input());
    EXPECT_TRUE(logits);
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_LT(
          ((*logits)[static_cast<std::int64_t>(i)] - expected[rows[i]]).abs().max().item<double>(),
          2e-4)
          << "row " << rows[i] << " of kind "
          << static_cast<int>(sample.kinds[static_cast<std::size_t>(rows[i])]);
  };

  std::vector<int> context, clean, noised;
  for (int row = 0; row < shape_.rows(); ++row) {
    const RowKind kind = sample.kinds[static_cast<std::size_t>(row)];
    if (kind == RowKind::context) context.push_back(row);
    if (kind == RowKind::clean) clean.push_back(row);
    if (kind == RowKind::noised) noised.push_back(row);
  }
  const int n_context = static_cast<int>(context.size());
  ASSERT_EQ(clean.size(), text.spans[0].size() + 2);
  ASSERT_GE(noised.size(), 8U);
  EXPECT_GE(
      std::ranges::count_if(sample.copy_hints, [](const CopyHints& e) { return e[1].matched > 0; }),
      8);

  run(context, n_context);
  run(clean, static_cast<int>(clean.size()));
  // Each block on the cache as it is when the block opens: context, `<fill_0>`, earlier tokens.
  for (std::size_t begin = 0; begin < noised.size(); begin += 4) {
    const int first_token =
        sample.positions[static_cast<std::size_t>(noised[begin])] - n_context - 1;
    cache->truncate(n_context);
    const int seen = 1 + std::min<int>(first_token, static_cast<int>(text.spans[0].size()));
    std::vector<int> before(clean.begin(), clean.begin() + seen);
    run(before, static_cast<int>(before.size()));
    run({noised.begin() + static_cast<std::ptrdiff_t>(begin),
         noised.begin() + static_cast<std::ptrdiff_t>(begin + 4)},
        0);
  }
}

}  // namespace
}  // namespace inpaint::engine
