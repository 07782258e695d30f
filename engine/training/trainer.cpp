// The loop of `inpaint train`: samples in, steps, a log, checkpoints and a model out.

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/file_handle.h"
#include "engine/prompt/special_tokens.h"
#include "engine/train_options.h"
#include "engine/training/checkpoint.h"
#include "engine/training/learning_rate.h"
#include "engine/training/model_sizes.h"
#include "engine/training/throughput.h"
#include "engine/training/trainee.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr int kValidationBatches = 4;
constexpr int kCopyHintVersion = 3;  // of the model's format, since it knows two copy hints
constexpr std::uint64_t kMaxTokenizerBytes = 64U << 20;  // as the reader of tokenizers has it
constexpr std::uint64_t kHeldOutOneIn = 10;              // files or packages, to measure on
constexpr std::uint64_t kHeldOutOfLarge = 40;
constexpr std::uint64_t kLargeCorpus = 200'000'000;  // bytes
constexpr std::uint64_t kValidationSeed = 0x76616c6964;

/// A line of the log file, flushed at once so that an interrupted run has told all it knew.
class LogFile {
 public:
  explicit LogFile(const fs::path& path) : file_(std::fopen(path.c_str(), "a")) {}
  ~LogFile() {
    if (file_) std::fclose(file_);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  void write(const nlohmann::json& line) {
    if (!file_) return;
    std::fputs((line.dump() + "\n").c_str(), file_);
    std::fflush(file_);
  }

 private:
  std::FILE* file_;
};

/// Everything of one call of train(), so that its steps can be read one by one.
class Run {
 public:
  Run(const TrainOptions& options, const TrainLog& log) : options_(options), log_(log) {}
  Result<void> prepare();
  Result<TrainReport> go(const std::stop_token& stop);

 private:
  Result<void> prepare_data();
  Result<void> prepare_model();
  Result<Batch> next_batch(SampleStream& stream);
  Measurement measure_batches(at::Tensor& choices) const;
  void measure();
  Result<void> save(bool last);
  fs::path tokenizer_file() const {
    return options_.from.empty() ? options_.tokenizer : options_.from / "tokenizer.json";
  }
  double seconds() const {
    return state_.seconds +
           std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  }

  const TrainOptions& options_;
  const TrainLog& log_;
  SampleShape shape_;
  std::optional<Tokenizer> tokenizer_;
  SpecialTokens special_;
  std::optional<Corpus> corpus_, valid_;
  std::optional<SampleWriter> writer_;
  std::vector<Batch> valid_batches_;
  std::optional<Trainee> trainee_;
  std::optional<LogFile> log_file_;
  RunState state_;  // `seconds`: of the calls before this one
  Measurement measured_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

Result<void> Run::prepare_data() {
  Result<Tokenizer> tokenizer = Tokenizer::load(tokenizer_file());
  if (!tokenizer) return std::unexpected(tokenizer.error());
  tokenizer_ = std::move(*tokenizer);
  Result<SpecialTokens> special = SpecialTokens::find(*tokenizer_);
  if (!special) return std::unexpected(special.error());
  special_ = *special;

  Result<Corpus> corpus = Corpus::open(options_.data);
  if (!corpus) return std::unexpected(corpus.error());
  corpus_ = std::move(*corpus);
  shape_.context = options_.context;
  shape_.area = options_.area;
  shape_.block_widths = options_.block_widths;
  shape_.bidirectional = options_.bidirectional;
  LossWeights weights;
  weights.context = static_cast<float>(options_.context_weight);
  weights.clean = static_cast<float>(options_.clean_weight);
  weights.noised = static_cast<float>(options_.noised_weight);
  writer_.emplace(*tokenizer_, special_, shape_, weights);

  fs::path valid = options_.valid;
  if (valid.empty() && fs::exists(options_.data / "valid.shard"))
    valid = options_.data / "valid.shard";
  if (valid.empty()) {
    valid_ = corpus_->hold_out(corpus_->bytes() > kLargeCorpus ? kHeldOutOfLarge : kHeldOutOneIn);
    return {};
  }
  Result<Corpus> opened = Corpus::open(valid);
  if (!opened) return std::unexpected(opened.error());
  valid_ = std::move(*opened);
  return {};
}

Result<void> Run::prepare_model() {
  Result<ModelConfig> config = options_.from.empty()
                                   ? config_of_size(options_.size, tokenizer_->size())
                                   : load_config(options_.from);
  if (!config) return std::unexpected(config.error());
  if (config->vocabulary < tokenizer_->size())
    return failure(ErrorCode::bad_config, "config.json",
                   fmt::format("a vocabulary of {} for a tokenizer of {}", config->vocabulary,
                               tokenizer_->size()),
                   "the two files are of different models; fetch both again");
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

  at::ScalarType type = at::kFloat;
  if (options_.number_type == "bf16" ||
      (options_.number_type == "auto" &&
       (options_.device == Device::cuda || __builtin_cpu_supports("avx512bf16"))))
    type = at::kBFloat16;
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
  std::error_code failed;
  fs::create_directories(options_.out, failed);
  if (failed)
    return failure(ErrorCode::io_failed, options_.out.string(), failed.message(),
                   "choose a folder that can be written");
  at::set_num_threads(options_.threads > 0 ? options_.threads
                                           : static_cast<int>(std::thread::hardware_concurrency()));
  if (Result<void> data = prepare_data(); !data) return data;
  if (Result<void> model = prepare_model(); !model) return model;
  log_file_.emplace(options_.out / "log.jsonl");
  if (valid_) {
    const StreamPlace start = state_.place;  // belongs to the training data
    SampleStream stream(*valid_, *writer_, kValidationSeed, {});
    for (int i = 0; i < kValidationBatches; ++i) {
      Result<Batch> batch = next_batch(stream);
      if (!batch) return std::unexpected(batch.error());
      valid_batches_.push_back(std::move(*batch));
    }
    state_.place = start;
  }
  std::int64_t parameters = 0;
  for (const Parameter& parameter : trainee_->optimiser().parameters())
    parameters += parameter.working.numel();
  log_(fmt::format("{:.1f}M parameters, {} documents, {:.1f} MB, {} rows a step, {}, {} threads",
                   static_cast<double>(parameters) / 1e6, corpus_->size(),
                   static_cast<double>(corpus_->bytes()) / 1e6, options_.batch * shape_.rows(),
                   trainee_->type() == at::kBFloat16 ? "bf16" : "f32", at::get_num_threads()));
  return {};
}

Result<Batch> Run::next_batch(SampleStream& stream) {
  std::vector<TrainingSample> samples;
  for (int i = 0; i < options_.batch; ++i) {
    Result<StreamedSample> next = stream.next();
    if (!next) return std::unexpected(next.error());
    samples.push_back(std::move(next->sample));
    state_.place = next->after;
  }
  return make_batch(samples, shape_, trainee_->type(), trainee_->device());
}

Measurement Run::measure_batches(at::Tensor& choices) const {
  Measurement sum;
  for (const Batch& batch : valid_batches_) {
    const Measurement one = trainee_->measure(batch, &choices);
    sum.context_loss += one.context_loss / kValidationBatches;
    sum.clean_loss += one.clean_loss / kValidationBatches;
    sum.noised_loss += one.noised_loss / kValidationBatches;
    sum.clean_accuracy += one.clean_accuracy / kValidationBatches;
    sum.noised_accuracy += one.noised_accuracy / kValidationBatches;
  }
  return sum;
}

/// Of the weights that the run would leave now.
void Run::measure() {
  if (valid_batches_.empty()) return;
  at::Tensor choices;
  const bool averaged = !trainee_->mean().empty();
  if (averaged) {
    const Measurement last = measure_batches(choices);
    log_(fmt::format("  the last of {} steps alone: clean {:.3f}, noised {:.3f}",
                     trainee_->mean().steps(), last.clean_loss, last.noised_loss));
    trainee_->use(Trainee::Weights::mean);
  }
  const Measurement sum = measure_batches(choices);
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

  // A sample to look at: the first span's tokens as the causal rows would have continued them.
  const Batch& batch = valid_batches_.back();
  std::vector<TokenId> wanted, chosen;
  for (std::int64_t i = 0; i < batch.targets.size(0); ++i) {
    const bool clean =
        batch.kinds[i].item<std::int64_t>() == static_cast<std::int64_t>(RowKind::clean);
    if (!clean && !wanted.empty()) break;
    if (!clean) continue;
    wanted.push_back(static_cast<TokenId>(batch.targets[i].item<std::int64_t>()));
    chosen.push_back(static_cast<TokenId>(choices[i].item<std::int64_t>()));
  }
  const std::string text = tokenizer_->decode(wanted);
  const std::string guess = tokenizer_->decode(chosen);
  log_(fmt::format(
      "  wanted: {}\n  chosen: {}",
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
      nlohmann::json(guess).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
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
  const Result<std::string> tokenizer = read_whole_file(tokenizer_file(), kMaxTokenizerBytes);
  if (!tokenizer) return std::unexpected(tokenizer.error());
  if (Result<void> saved = write_file_atomically(folder / "tokenizer.json", *tokenizer); !saved)
    return saved;
  log_(fmt::format("  {}: {}", last ? "done, saved" : "saved", options_.out.string()));
  return {};
}

Result<TrainReport> Run::go(const std::stop_token& stop) {
  const auto call_start = std::chrono::steady_clock::now();
  SampleStream stream(*corpus_, *writer_, state_.seed, state_.place);
  auto last_save = call_start, last_measure = call_start, last_line = call_start;
  std::int64_t rows_since = 0;
  double loss_sum = 0.0, operations = 0.0;
  int losses = 0;
  const auto measure_product = [&] {
    return product_speed(trainee_->config(), options_.batch * shape_.rows(), trainee_->type(),
                         trainee_->device());
  };
  double product = measure_product();
  log_(fmt::format("a product alone: {:.0f} GFLOP/s", product / 1e9));
  const auto minutes_since = [](auto then) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count() / 60.0;
  };
  measure();
  const Measurement before = measured_;
  while (true) {
    const std::int64_t step = trainee_->optimiser().steps();
    const bool enough = (options_.steps > 0 && step >= options_.steps) ||
                        (options_.minutes > 0 && seconds() >= options_.minutes * 60.0);
    if (enough || stop.stop_requested()) break;

    Result<Batch> batch = next_batch(stream);
    if (!batch) return std::unexpected(batch.error());
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
    rows_since += batch->used_rows;
    loss_sum += loss;
    operations += step_operations(trainee_->config(), shape_, *batch);
    ++losses;
    if (minutes_since(last_line) * 60.0 >= 10.0 || (options_.steps > 0 && options_.steps <= 20)) {
      const double elapsed = minutes_since(last_line) * 60.0;
      const double per_second = static_cast<double>(rows_since) / elapsed;
      const double used = operations / elapsed / product;
      log_(fmt::format("step {:6d}  loss {:.3f}  {:.0f} tokens/s, {:.0f} % of a product's speed  "
                       "rate {:.2e}  {:.1f}M tokens  {:.0f} min",
                       step + 1, loss_sum / losses, per_second, 100 * used, rate,
                       static_cast<double>(state_.rows) / 1e6, seconds() / 60.0));
      log_file_->write({{"step", step + 1},
                        {"loss", loss_sum / losses},
                        {"rate", rate},
                        {"rows", state_.rows},
                        {"tokens_per_second", per_second},
                        {"share_of_product_speed", used},
                        {"seconds", seconds()}});
      last_line = std::chrono::steady_clock::now();
      rows_since = 0;
      loss_sum = 0.0;
      losses = 0;
      operations = 0.0;
    }
    if (minutes_since(last_measure) >= options_.measure_every_minutes) {
      measure();
      // The machine may have been busy when it was measured first.
      product = std::max(product, measure_product());
      last_measure = std::chrono::steady_clock::now();
    }
    if (minutes_since(last_save) >= options_.save_every_minutes) {
      if (Result<void> saved = save(false); !saved) return std::unexpected(saved.error());
      last_save = std::chrono::steady_clock::now();
    }
  }
  measure();
  if (Result<void> saved = save(true); !saved) return std::unexpected(saved.error());
  TrainReport report;
  report.steps = trainee_->optimiser().steps();
  report.rows = state_.rows;
  report.seconds = minutes_since(call_start) * 60.0;
  report.measured_files = valid_ ? valid_->size() : 0;
  report.before = before;
  report.measured = measured_;
  report.stopped_early = stop.stop_requested();
  return report;
}

}  // namespace

Result<TrainReport> train(const TrainOptions& options, const std::stop_token& stop,
                          const TrainLog& log) {
  try {
    Run run(options, log);
    if (Result<void> prepared = run.prepare(); !prepared) return std::unexpected(prepared.error());
    return run.go(stop);
  } catch (const c10::Error& error) {
    return failure(ErrorCode::unavailable, "training", error.what_without_backtrace());
  } catch (const std::exception& error) {
    return failure(ErrorCode::unavailable, "training", error.what());
  }
}

}  // namespace inpaint::engine
