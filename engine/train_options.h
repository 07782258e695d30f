// What `inpaint train` is asked for, and what it says while it runs. Free of torch.
//
// Schedule: warm-up, stable, decay (arXiv 2404.06395, section 4): the learning rate rises over
// `warmup_steps`, stays, and falls to nothing over the last `decay` of the run. A run that is to be
// continued later takes decay 0.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/engine.h"

namespace inpaint::engine {

/// A mask adapter beside frozen published weights: engine/weights/mask_adapter.h.
struct AdapterTraining {
  std::filesystem::path base;  // the frozen model
  int rank = 16;
  int masks = 4;             // of a block
  int markov_rank = 64;      // 0: no table
  int draft_tokens = 16384;  // that masks may propose
  int span_tokens = 64;      // that the base writes behind a prompt, at most
  int measured_spans = 64;   // of held-out documents
};

struct TrainOptions {
  std::filesystem::path data;  // shards, a fetched folder, or any folder of source files
  // A shard or folder to measure on; empty: data/valid.shard if there, else one package, or file of
  // a plain folder, in ten (of a large folder in forty), which is then not trained on.
  std::filesystem::path valid;
  std::filesystem::path out;   // checkpoint, log and the model in out/model
  std::filesystem::path from;  // model folder to continue from, with a fresh optimiser; or empty
  std::filesystem::path tokenizer;  // tokenizer.json of a new model
  std::string size = "9m";          // of a new model: see model_sizes.h
  bool copy_hints = true;           // rows are told their hint; a model of `from` learns to be
  std::vector<int> block_widths{4, 8, 16};
  bool bidirectional = false;  // context, for comparisons: SampleShape; no model is written
  std::int64_t steps = 0;      // 0: no limit
  double minutes = 0;          // 0: no limit
  int batch = 16;              // sequences a step
  int context = 512;           // rows of the prompt
  int area = 128;              // rows of the span area
  double learning_rate = 3e-3;
  double context_weight = 0.5;  // of the three losses: see LossWeights
  double clean_weight = 1.0;
  double noised_weight = 1.0;
  int warmup_steps = 100;
  double decay = 0.2;  // share of the run
  double average =
      0.0;  // share of the run, its last, whose mean weights are what it leaves; 0: none
  double certainty = 0.0;  // weight of the entropy of masks that are right already; 0: none
  std::uint64_t seed = 1;
  int threads = 0;      // 0: as many as there are cores
  bool resume = false;  // continue out/checkpoint.safetensors exactly
  double save_every_minutes = 10;
  double measure_every_minutes = 5;
  std::string number_type = "auto";  // bf16, f32; auto: bf16 where the processor is fast at it
  std::string format = "q8_g64";     // of the matrices in out/model
  Device device = Device::cpu;
  std::optional<AdapterTraining>
      adapter;  // what is trained, in the stead of a model; `from` is one too
};

/// Mean losses in nats over the rows of each kind, and the share of first choices that are right.
struct Measurement {
  double context_loss = 0, clean_loss = 0, noised_loss = 0;
  double clean_accuracy = 0, noised_accuracy = 0;
};

struct TrainReport {
  std::int64_t steps = 0;
  std::int64_t rows = 0;           // that carried a token, over the whole life of the checkpoint
  double seconds = 0;              // of this call
  std::size_t measured_files = 0;  // to measure on, of an adapter spans; 0: nothing was measured
  Measurement before, measured;    // on these, at the beginning and the end of this call
  double drafts_before = 1, drafts_after = 1;  // of an adapter, in their stead: tokens a forward
  bool stopped_early = false;                  // by the stop token; everything is saved
};

/// Called with each line of the log as it is written.
using TrainLog = std::function<void(const std::string& line)>;

/// Errors: bad_data, bad_config, io_failed (the last good checkpoint is still there), not_finite
/// (nothing was saved after the last good step).
Result<TrainReport> train(const TrainOptions& options, const std::stop_token& stop,
                          const TrainLog& log);

}  // namespace inpaint::engine
