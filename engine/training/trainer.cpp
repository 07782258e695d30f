// The loop of `inpaint train`: samples in, steps, a log, checkpoints and a model out.

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/elapsed.h"
#include "engine/base/file_handle.h"
#include "engine/prompt/inpaint_format.h"
#include "engine/train_options.h"
#include "engine/training/batch_stream.h"
#include "engine/training/checkpoint.h"
#include "engine/training/held_out.h"
#include "engine/training/learning_rate.h"
#include "engine/training/log_file.h"
#include "engine/training/model_sizes.h"
#include "engine/training/throughput.h"
#include "engine/training/trainee.h"
#include "engine/training/training_data.h"
#include "engine/training/working_time.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr int kCopyHintVersion = 3;  // of the model's format, since it knows two copy hints
constexpr std::uint64_t kMaxTokenizerBytes = 64U << 20;  // as the reader of tokenizers has it
constexpr std::uint64_t kValidationSeed = 0x76616c6964;

/// The steps since the last line of the log.
struct Stretch {
  std::chrono::steady_clock::time_point since;
  int steps = 0;
  std::int64_t rows = 0;
  double loss_sum = 0.0;
  double operations = 0.0;
  double rate = 0.0;  // of the last step
};

/// Everything of one call of train(), so that its steps can be read one by one.
class Run {
 public:
  Run(const TrainOptions& options, const TrainingData& data, const TrainLog& log)
      : options_(options), data_(data), log_(log) {}
  Result<void> prepare();
  Result<TrainReport> go(const std::stop_token& stop);

 private:
  Result<void> prepare_model();
  void prepare_writer(const PromptFormat& format);
  BatchForm batch_form() const {
    return {options_.batch, shape_, trainee_->type(), trainee_->device()};
  }
  bool is_over();
  Result<void> learn(BatchStream& stream);
  bool is_line_due() const;
  void write_line();
  void measure_product();
  void measure();
  Result<void> save(bool last);
  Result<void> measure_and_save_when_due();
  double seconds() { return state_.seconds + time_.seconds(); }

  const TrainOptions& options_;
  const TrainingData& data_;
  const TrainLog& log_;
  SampleShape shape_;
  std::optional<SampleWriter> writer_;
  std::optional<Trainee> trainee_;
  std::optional<HeldOut> held_out_;
  std::optional<LogFile> log_file_;
  RunState state_;  // `seconds`: of the calls before this one
  Measurement measured_;
  double product_ = 0.0;  // operations a second that a product of matrices makes by itself
  WorkingTime time_;
  std::chrono::steady_clock::time_point last_measure_, last_save_;
  Stretch stretch_;
};

void Run::prepare_writer(const PromptFormat& format) {
  LossWeights weights;
  weights.context = static_cast<float>(options_.context_weight);
  weights.clean = static_cast<float>(options_.clean_weight);
  weights.noised = static_cast<float>(options_.noised_weight);
  writer_.emplace(PromptWriter{data_.tokenizer, data_.special, format}, shape_, weights);
}

Result<void> Run::prepare_model() {
  Result<ModelConfig> config = options_.from.empty()
                                   ? config_of_size(options_.size, data_.tokenizer.size())
                                   : load_config(options_.from);
  if (!config) return std::unexpected(config.error());
  if (config->vocabulary < data_.tokenizer.size())
    return failure(ErrorCode::bad_config, "config.json",
                   fmt::format("a vocabulary of {} for a tokenizer of {}", config->vocabulary,
                               data_.tokenizer.size()),
                   "the two files are of different models; fetch both again");
  // A model of others learns our format; what it is trained in its configuration says from then on.
  if (!config->prompt_format) config->prompt_format = &kInpaint1;
  prepare_writer(*config->prompt_format);
  if (config->mask_target != MaskTarget::own_place)
    return failure(ErrorCode::bad_config, "config.json", "its masks speak of the next place",
                   "train a model whose masks_predict is \"own\"");
  config->context_tokens = shape_.context;
  config->block_widths = shape_.block_widths;
  config->max_positions = std::max(config->max_positions, 4 * shape_.rows());
  Result<TransformerWeights> weights = options_.from.empty()
                                           ? initial_weights(*config, options_.seed)
                                           : load_weights(*config, options_.from);
  if (!weights) return std::unexpected(weights.error());
  if (options_.copy_hints) config->copy_hints = kCopyHints;
  if (config->copy_hints > 0) config->version = std::max(config->version, kCopyHintVersion);
  add_copy_hints(*config, *weights);

  const at::ScalarType type = working_type(options_.number_type, options_.device);
  const at::Device device(options_.device == Device::cuda ? at::kCUDA : at::kCPU);
  trainee_.emplace(*config, *weights, type, device, shape_.rows());

  state_.seed = options_.seed;
  const fs::path checkpoint = options_.out / "checkpoint.safetensors";
  if (options_.resume) {
    Result<RunState> state = load_checkpoint(checkpoint, trainee_->optimiser(), trainee_->mean());
    if (!state) return std::unexpected(state.error());
    state_ = *state;
  }
  return {};
}

Result<void> Run::prepare() {
  if (Result<void> made = make_folder(options_.out); !made) return made;
  at::set_num_threads(options_.threads > 0 ? options_.threads
                                           : static_cast<int>(std::thread::hardware_concurrency()));
  shape_.context = options_.context;
  shape_.area = options_.area;
  shape_.block_widths = options_.block_widths;
  shape_.bidirectional = options_.bidirectional;
  if (Result<void> model = prepare_model(); !model) return model;
  log_file_.emplace(options_.out / "log.jsonl");
  if (data_.held_out) {
    BatchStream stream(*data_.held_out, *writer_, kValidationSeed, {}, batch_form());
    Result<HeldOut> taken = HeldOut::take(stream);
    if (!taken) return std::unexpected(taken.error());
    held_out_ = std::move(*taken);
  }
  std::int64_t parameters = 0;
  for (const Parameter& parameter : trainee_->optimiser().parameters())
    parameters += parameter.working.numel();
  log_(fmt::format("{:.1f}M parameters, {} documents, {:.1f} MB, {} rows a step, {}, {} threads",
                   static_cast<double>(parameters) / 1e6, data_.corpus.size(),
                   static_cast<double>(data_.corpus.bytes()) / 1e6, options_.batch * shape_.rows(),
                   trainee_->type() == at::kBFloat16 ? "bf16" : "f32", at::get_num_threads()));
  return {};
}

/// Of the weights that the run would leave now.
void Run::measure() {
  if (!held_out_) return;
  const bool averaged = !trainee_->mean().empty();
  if (averaged) {
    const Measurement last = held_out_->measure(*trainee_);
    log_(fmt::format("  the last of {} steps alone: clean {:.3f}, noised {:.3f}",
                     trainee_->mean().steps(), last.clean_loss, last.noised_loss));
    trainee_->use(Trainee::Weights::mean);
  }
  const Measurement sum = held_out_->measure(*trainee_);
  if (averaged) trainee_->use(Trainee::Weights::last);
  measured_ = sum;
  log_(fmt::format("  measured: context {:.3f}, clean {:.3f} ({:.1f} % right), noised {:.3f} "
                   "({:.1f} % right)",
                   sum.context_loss, sum.clean_loss, 100 * sum.clean_accuracy, sum.noised_loss,
                   100 * sum.noised_accuracy));
  log_file_->write({{"step", trainee_->optimiser().steps()},
                    {"rows", state_.rows},
                    {"seconds", seconds()},
                    {"context_loss", sum.context_loss},
                    {"clean_loss", sum.clean_loss},
                    {"noised_loss", sum.noised_loss},
                    {"clean_accuracy", sum.clean_accuracy},
                    {"noised_accuracy", sum.noised_accuracy}});
  log_(held_out_->example(data_.tokenizer));
}

Result<void> Run::save(bool last) {
  const fs::path folder = options_.out / "model";
  std::error_code failed;
  fs::create_directories(folder, failed);
  RunState state = state_;
  state.seconds = seconds();
  if (Result<void> saved = save_checkpoint(options_.out / "checkpoint.safetensors",
                                           trainee_->optimiser(), trainee_->mean(), state);
      !saved)
    return saved;
  if (shape_.bidirectional) return {};  // no engine runs it
  ModelConfig config = trainee_->config();
  config.quantisation = {{"matrices", options_.format}};
  if (Result<void> saved =
          save_weights(folder / "model.safetensors", trainee_->finished(), options_.format,
                       {{"format", "pt"}, {"rows", std::to_string(state_.rows)}});
      !saved)
    return saved;
  if (Result<void> saved = write_file_atomically(folder / "config.json", to_json(config)); !saved)
    return saved;
  // Copied whole or not at all, like the others; a run from the folder that it writes has it.
  const Result<std::string> tokenizer =
      read_whole_file(tokenizer_file(options_), kMaxTokenizerBytes);
  if (!tokenizer) return std::unexpected(tokenizer.error());
  if (Result<void> saved = write_file_atomically(folder / "tokenizer.json", *tokenizer); !saved)
    return saved;
  log_(fmt::format("  {}: {}", last ? "done, saved" : "saved", options_.out.string()));
  return {};
}

bool Run::is_over() {
  return (options_.steps > 0 && trainee_->optimiser().steps() >= options_.steps) ||
         (options_.minutes > 0 && seconds() >= options_.minutes * 60.0);
}

/// One step. After an error the place in the data, the weights and the optimiser are not to be kept.
Result<void> Run::learn(BatchStream& stream) {
  const std::int64_t step = trainee_->optimiser().steps();
  Result<Batch> batch = stream.next();
  if (!batch) return std::unexpected(batch.error());
  state_.place = stream.place();
  const double rate = options_.learning_rate * learning_rate_share(options_, step, seconds());
  const double loss = trainee_->learn(*batch, rate, options_.certainty);
  if (!std::isfinite(loss)) {
    return failure(ErrorCode::not_finite, fmt::format("step {}", step),
                   fmt::format("the loss is {}", loss),
                   fmt::format("the last good checkpoint is kept; resume with a lower "
                               "--learning-rate than {}",
                               options_.learning_rate));
  }
  const double left = 1.0 - run_progress(options_, step, seconds());
  if (options_.average > 0 && left <= options_.average) trainee_->average();
  state_.rows += batch->used_rows;
  ++stretch_.steps;
  stretch_.rows += batch->used_rows;
  stretch_.loss_sum += loss;
  stretch_.operations += step_operations(trainee_->config(), shape_, *batch);
  stretch_.rate = rate;
  return {};
}

bool Run::is_line_due() const {
  const bool each_step = options_.steps > 0 && options_.steps <= 20;
  return each_step || seconds_since(stretch_.since) >= 10.0;
}

/// On the screen and in the log file; a new stretch begins.
void Run::write_line() {
  const std::int64_t steps = trainee_->optimiser().steps();
  const double elapsed = seconds_since(stretch_.since);
  const double loss = stretch_.loss_sum / stretch_.steps;
  const double per_second = static_cast<double>(stretch_.rows) / elapsed;
  const double used = stretch_.operations / elapsed / product_;
  log_(fmt::format("step {:6d}  loss {:.3f}  {:.0f} tokens/s, {:.0f} % of a product's speed  "
                   "rate {:.2e}  {:.1f}M tokens  {:.0f} min",
                   steps, loss, per_second, 100 * used, stretch_.rate,
                   static_cast<double>(state_.rows) / 1e6, seconds() / 60.0));
  log_file_->write({{"step", steps},
                    {"loss", loss},
                    {"rate", stretch_.rate},
                    {"rows", state_.rows},
                    {"tokens_per_second", per_second},
                    {"share_of_product_speed", used},
                    {"seconds", seconds()}});
  stretch_ = {.since = std::chrono::steady_clock::now()};
}

/// The best so far: the machine may have been busy when it was measured first.
void Run::measure_product() {
  product_ = std::max(product_, product_speed(trainee_->config(), options_.batch * shape_.rows(),
                                              trainee_->type(), trainee_->device()));
}

Result<void> Run::measure_and_save_when_due() {
  if (seconds_since(last_measure_) >= options_.measure_every_minutes * 60.0) {
    measure();
    measure_product();
    last_measure_ = std::chrono::steady_clock::now();
  }
  if (seconds_since(last_save_) >= options_.save_every_minutes * 60.0) {
    if (Result<void> saved = save(false); !saved) return saved;
    last_save_ = std::chrono::steady_clock::now();
  }
  return {};
}

Result<TrainReport> Run::go(const std::stop_token& stop) {
  const auto start = std::chrono::steady_clock::now();
  last_measure_ = last_save_ = stretch_.since = start;
  BatchStream stream(data_.corpus, *writer_, state_.seed, state_.place, batch_form());
  measure_product();
  log_(fmt::format("a product alone: {:.0f} GFLOP/s", product_ / 1e9));
  measure();
  TrainReport report;
  report.before = measured_;
  while (!is_over() && !stop.stop_requested()) {
    if (Result<void> learnt = learn(stream); !learnt) return std::unexpected(learnt.error());
    if (is_line_due()) write_line();
    if (Result<void> saved = measure_and_save_when_due(); !saved)
      return std::unexpected(saved.error());
  }
  measure();
  if (Result<void> saved = save(true); !saved) return std::unexpected(saved.error());
  report.steps = trainee_->optimiser().steps();
  report.rows = state_.rows;
  report.seconds = seconds_since(start);
  report.measured_files = data_.held_out ? data_.held_out->size() : 0;
  report.measured = measured_;
  report.stopped_early = stop.stop_requested();
  return report;
}

}  // namespace

Result<TrainReport> train(const TrainOptions& options, const std::stop_token& stop,
                          const TrainLog& log) {
  const Result<TrainingData> data = open_training_data(options);
  if (!data) return std::unexpected(data.error());
  Run run(options, *data, log);
  if (Result<void> prepared = run.prepare(); !prepared) return std::unexpected(prepared.error());
  return run.go(stop);
}

}  // namespace inpaint::engine
