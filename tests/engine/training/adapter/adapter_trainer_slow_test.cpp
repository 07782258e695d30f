// `train_adapter()` beside a tiny frozen model: masks learn to foresee what it writes.
#include "engine/training/adapter/adapter_trainer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/service/pretrained_engine.h"
#include "engine/tokenizer/fingerprint.h"
#include "engine/weights/mask_adapter.h"
#include "tests/engine/temporary_folder.h"
#include "tests/engine/training/shapes.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

fs::path golden(const std::string& name) {
  return fs::path(tests::source_folder()) / "tests/golden/pretrained" / name;
}

class AdapterTrainer : public testing::Test {
 protected:
  AdapterTrainer() { write_shapes(folder_.path() / "data"); }

  TrainOptions options(const std::string& out, std::int64_t steps) const {
    TrainOptions options;
    options.data = options.valid = folder_.path() / "data";
    options.out = folder_.path() / out;
    options.steps = steps;
    options.batch = 4;
    options.context = 64;
    options.warmup_steps = 2;
    options.decay = 0;
    options.learning_rate = 1e-2;
    options.threads = 1;
    options.number_type = "f32";
    options.adapter = AdapterTraining{.base = golden("qwen2_yarn.gguf"),
                                      .rank = 4,
                                      .masks = 3,
                                      .markov_rank = 8,
                                      .draft_tokens = 256,
                                      .span_tokens = 12,
                                      .measured_spans = 8};
    return options;
  }

  Result<TrainReport> run(const TrainOptions& options, std::stop_token stop = {}) {
    return train_adapter(options, stop, [this](const std::string& line) { log_ += line + "\n"; });
  }

  Result<MaskAdapter> written(const std::string& out) const {
    const auto parts = load_pretrained_parts({.model = golden("qwen2_yarn.gguf").string()});
    if (!parts) return std::unexpected(parts.error());
    return load_mask_adapter(folder_.path() / out / "model", parts->config,
                             fingerprint(parts->tokenizer));
  }

  std::string tensors(const std::string& out) const {
    return read_file(folder_.path() / out / "model/adapter.safetensors");
  }

  TemporaryFolder folder_;
  std::string log_;
};

TEST_F(AdapterTrainer, MasksLearnWhatTheFrozenModelWrites) {
  const auto report = run(options("out", 480));
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->steps, 480);
  EXPECT_GT(report->rows, 1000);
  EXPECT_GT(report->drafts_after, report->drafts_before + 0.08) << log_;
  const auto adapter = written("out");
  ASSERT_TRUE(adapter) << to_string(adapter.error());
  EXPECT_EQ(adapter->config.rows, report->rows);
  EXPECT_EQ(adapter->config.masks, 3);
  EXPECT_EQ(adapter->config.measured_on, std::vector<std::string>{"qwen2_yarn.gguf"});
}

TEST_F(AdapterTrainer, GoesOnWhereItStopped) {
  ASSERT_TRUE(run(options("whole", 8)));
  ASSERT_TRUE(run(options("parts", 4)));
  TrainOptions rest = options("parts", 8);
  rest.resume = true;
  const auto report = run(rest);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_TRUE(tensors("parts") == tensors("whole"));
}

TEST_F(AdapterTrainer, GoesOnFromAnAdapterWithAFreshOptimiser) {
  const auto first = run(options("first", 40));
  ASSERT_TRUE(first);
  TrainOptions next = options("next", 4);
  next.from = folder_.path() / "first/model";
  next.learning_rate = 1e-6;
  next.adapter->rank = 2;  // what is gone on from has its own shape
  const auto report = run(next);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_NEAR(report->drafts_before, first->drafts_after, 0.1) << "8 bits lose little";
  EXPECT_EQ(written("next")->config.rank, 4);
  EXPECT_GT(written("next")->config.rows, first->rows);
}

TEST_F(AdapterTrainer, ASignalStopsItWithAllSaved) {
  std::stop_source source;
  source.request_stop();
  const auto report = run(options("out", 0), source.get_token());
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_TRUE(report->stopped_early);
  EXPECT_TRUE(written("out"));
}

TEST_F(AdapterTrainer, WhatCannotBeTrainedIsRefusedByName) {
  TrainOptions missing = options("out", 1);
  missing.adapter->base = folder_.path() / "gone.gguf";
  EXPECT_EQ(run(missing).error().code, ErrorCode::file_not_found);

  TrainOptions empty = options("out", 1);
  fs::create_directories(folder_.path() / "empty");
  empty.data = folder_.path() / "empty";
  EXPECT_EQ(run(empty).error().code, ErrorCode::bad_data);

  TrainOptions foreign = options("out", 1);
  ASSERT_TRUE(run(options("qwen", 1)));
  foreign.from = folder_.path() / "qwen/model";
  foreign.adapter->base = golden("qwen2_tied.gguf");
  const auto refused = run(foreign);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::bad_argument);
}

TEST_F(AdapterTrainer, AHoleThatSwallowsAGiantLineIsNoTrouble) {
  std::ofstream(folder_.path() / "data/giant.py") << "x = [" << std::string(400'000, '1') << "]\n";
  std::ofstream(folder_.path() / "data/latin.py") << "# caf\xE9\nx = '\xFF\xFE'\n";
  EXPECT_TRUE(run(options("out", 2)));
}

}  // namespace
}  // namespace inpaint::engine
