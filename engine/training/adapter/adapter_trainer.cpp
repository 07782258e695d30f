#include "engine/training/adapter/adapter_trainer.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cmath>
#include <optional>
#include <thread>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/elapsed.h"
#include "engine/service/pretrained_engine.h"
#include "engine/tokenizer/fingerprint.h"
#include "engine/training/adapter/adapter_file.h"
#include "engine/training/adapter/adapter_network.h"
#include "engine/training/adapter/draft_score.h"
#include "engine/training/adapter/draft_vocabulary.h"
#include "engine/training/adapter/prompt_stream.h"
#include "engine/training/checkpoint.h"
#include "engine/training/learning_rate.h"
#include "engine/training/log_file.h"
#include "engine/training/trainee.h"
#include "engine/training/training_data.h"
#include "engine/training/working_time.h"
#include "engine/weights/mask_adapter.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// What a mask says is of use only where all before it are right: with each distance less than half as often.
constexpr double kDistanceDecay = 1.5;
constexpr std::uint64_t kHeldOutSeed = 0x647261667473;

class AdapterRun {
 public:
  AdapterRun(const TrainOptions& options, PretrainedParts parts, Corpora data, const TrainLog& log)
      : options_(options),
        parts_(std::move(parts)),
        data_(std::move(data)),
        log_(log),
        writer_{parts_.tokenizer, parts_.setting.special, *parts_.setting.format},
        base_(parts_.config, parts_.weights,
              TokenChoice(parts_.config.vocabulary, parts_.never_proposed(), parts_.setting.ends),
              threads()),
        base_writer_(base_, parts_.setting.special),
        log_file_(options.out / "log.jsonl") {}

  Result<void> prepare();
  Result<TrainReport> go(const std::stop_token& stop);

 private:
  int threads() const {
    return options_.threads > 0 ? options_.threads
                                : static_cast<int>(std::thread::hardware_concurrency());
  }
  Result<std::vector<WrittenSpan>> next_round(PromptStream& prompts);
  Result<void> learn(std::span<const WrittenSpan> spans);
  bool is_over();
  void measure();
  Result<void> save();
  void write_line();
  double seconds() { return state_.seconds + time_.seconds(); }
  std::vector<at::Tensor> finished_values() const;

  const TrainOptions& options_;
  PretrainedParts parts_;
  Corpora data_;
  const TrainLog& log_;
  PromptWriter writer_;
  PretrainedModel base_;
  BaseWriter base_writer_;
  LogFile log_file_;
  std::optional<AdapterNetwork> network_;
  std::optional<Optimiser> optimiser_;
  WeightAverage mean_;
  std::vector<WrittenSpan> held_out_;
  DraftScores scores_;
  RunState state_;  // `seconds`: of the calls before this one; `rows`: with a target
  WorkingTime time_;
  std::int64_t rows_at_line_ = 0;
  Clock::time_point last_line_ = Clock::now(), last_measure_, last_save_;
  double loss_ = 0.0, rate_ = 0.0;  // of the steps since the last line; of the last step
  int steps_ = 0;                   // since the last line
};

Result<void> AdapterRun::prepare() {
  at::set_num_threads(threads());
  const AdapterTraining& asked = *options_.adapter;
  AdapterShape shape{asked.rank, asked.masks, asked.markov_rank};
  std::optional<MaskAdapter> from;
  Result<std::vector<TokenId>> draft_tokens = std::vector<TokenId>();
  if (!options_.from.empty()) {
    Result<MaskAdapter> loaded =
        load_mask_adapter(options_.from, parts_.config, fingerprint(parts_.tokenizer));
    if (!loaded) return std::unexpected(loaded.error());
    from = std::move(*loaded);
    shape = {from->config.rank, from->config.masks, from->config.markov_rank};
    draft_tokens = from->draft_tokens;
    state_.rows = from->config.rows;
  } else {
    draft_tokens = draft_vocabulary(data_.training, parts_.tokenizer, parts_.config.vocabulary,
                                    parts_.setting.special.end, asked.draft_tokens);
  }
  if (!draft_tokens) return std::unexpected(draft_tokens.error());
  network_.emplace(parts_.config, parts_.weights, shape, std::move(*draft_tokens),
                   working_type(options_.number_type, Device::cpu), options_.seed);
  if (from) network_->take(*from);
  optimiser_.emplace(network_->parameters(), OptimiserOptions{.beta2 = 0.98, .weight_decay = 0.0});
  state_.seed = options_.seed;
  if (options_.resume) {
    Result<RunState> state =
        load_checkpoint(options_.out / "checkpoint.safetensors", *optimiser_, mean_);
    if (!state) return std::unexpected(state.error());
    state_ = *state;
  }
  if (data_.held_out) {
    PromptStream prompts(*data_.held_out, writer_, kHeldOutSeed, {}, options_.context);
    while (std::cmp_less(held_out_.size(), asked.measured_spans)) {
      Result<std::vector<WrittenSpan>> written = next_round(prompts);
      if (!written) return std::unexpected(written.error());
      std::ranges::move(*written, std::back_inserter(held_out_));
    }
  }
  std::int64_t parameters = 0;
  for (const Parameter& parameter : optimiser_->parameters())
    parameters += parameter.working.numel();
  log_(fmt::format("{:.1f}M parameters beside {}, {} documents, {:.1f} MB, {} threads",
                   static_cast<double>(parameters) / 1e6, parts_.config.name, data_.training.size(),
                   static_cast<double>(data_.training.bytes()) / 1e6, at::get_num_threads()));
  return {};
}

Result<std::vector<WrittenSpan>> AdapterRun::next_round(PromptStream& prompts) {
  std::vector<std::vector<TokenId>> round;
  while (round.size() + PromptStream::kOfDocument <= BaseWriter::kSideBySide) {
    Result<std::vector<std::vector<TokenId>>> some = prompts.next();
    if (!some) return std::unexpected(some.error());
    std::ranges::move(*some, std::back_inserter(round));
  }
  return base_writer_.write(round, options_.adapter->span_tokens);
}

/// One step. After an error the weights are not to be kept.
Result<void> AdapterRun::learn(std::span<const WrittenSpan> spans) {
  const MaskBatch batch = network_->batch(spans);
  if (batch.rows == 0) return {};
  at::Tensor logits = network_->logits(batch);
  if (network_->shape().markov_rank > 0) logits = logits + network_->markov(batch.left);
  const at::Tensor losses =
      at::cross_entropy_loss(logits, batch.targets, {}, at::Reduction::None, -1);
  const at::Tensor weights = at::exp(batch.distances.to(at::kFloat) / -kDistanceDecay) *
                             batch.targets.ge(0).to(at::kFloat);
  const at::Tensor loss = (losses * weights).sum() / weights.sum().clamp_min(1e-6);
  const std::int64_t step = optimiser_->steps();
  rate_ = options_.learning_rate * learning_rate_share(options_, step, seconds());
  const double value = loss.item<double>();
  if (std::isfinite(value)) loss.backward();
  if (!std::isfinite(value) || !std::isfinite(optimiser_->step(rate_)))
    return failure(ErrorCode::not_finite, fmt::format("step {}", step),
                   fmt::format("the loss is {}", value),
                   fmt::format("the last good checkpoint is kept; resume with a lower "
                               "--learning-rate than {}",
                               options_.learning_rate));
  if (options_.average > 0 && 1.0 - run_progress(options_, step, seconds()) <= options_.average) {
    mean_.add(optimiser_->masters());
  }
  state_.rows += batch.targets.ge(0).sum().item<std::int64_t>();
  loss_ += value;
  ++steps_;
  return {};
}

bool AdapterRun::is_over() {
  return (options_.steps > 0 && optimiser_->steps() >= options_.steps) ||
         (options_.minutes > 0 && seconds() >= options_.minutes * 60.0);
}

/// The mean where there is one, else the masters.
std::vector<at::Tensor> AdapterRun::finished_values() const {
  std::vector<at::Tensor> values;
  values.reserve(optimiser_->parameters().size());
  for (std::size_t i = 0; i < optimiser_->parameters().size(); ++i)
    values.push_back(mean_.empty() ? optimiser_->master(i) : mean_.mean(i));
  return values;
}

void AdapterRun::measure() {
  if (held_out_.empty()) return;
  const at::NoGradGuard no_grad;
  const std::vector<at::Tensor> values = finished_values();
  const std::vector<Parameter>& parameters = optimiser_->parameters();
  for (std::size_t i = 0; i < values.size(); ++i)
    at::Tensor(parameters[i].working).copy_(values[i]);
  scores_ = score_drafts(*network_, parts_.tokenizer, held_out_);
  for (std::size_t i = 0; i < values.size(); ++i)
    at::Tensor(parameters[i].working).copy_(optimiser_->master(i));
  log_(fmt::format("  measured: {:.2f} tokens a forward ({:.2f} up to the end of the line), "
                   "right at each distance {:.3f}, loss {:.3f}",
                   scores_.per_forward, scores_.of_line_per_forward, fmt::join(scores_.right, " "),
                   scores_.loss));
  log_file_.write({{"step", optimiser_->steps()},
                   {"rows", state_.rows},
                   {"seconds", seconds()},
                   {"tokens_per_forward", scores_.per_forward},
                   {"of_line", scores_.of_line_per_forward},
                   {"right", scores_.right},
                   {"held_out_loss", scores_.loss}});
}

Result<void> AdapterRun::save() {
  RunState state = state_;
  state.seconds = seconds();
  if (Result<void> saved =
          save_checkpoint(options_.out / "checkpoint.safetensors", *optimiser_, mean_, state);
      !saved)
    return saved;
  const AdapterShape& shape = network_->shape();
  AdapterConfig config = adapter_config_of(parts_.config, fingerprint(parts_.tokenizer));
  config.rank = shape.rank;
  config.masks = shape.masks;
  config.markov_rank = shape.markov_rank;
  config.draft_tokens = static_cast<int>(network_->draft_tokens().size());
  if (!held_out_.empty()) config.measured_on = {options_.adapter->base.filename().string()};
  config.rows = state_.rows;
  if (Result<void> saved =
          save_adapter(options_.out / "model", config, network_->finished(finished_values()),
                       network_->draft_tokens());
      !saved)
    return saved;
  log_(fmt::format("  saved: {}", options_.out.string()));
  return {};
}

void AdapterRun::write_line() {
  if (steps_ == 0) return;
  const double per_second =
      static_cast<double>(state_.rows - rows_at_line_) / seconds_since(last_line_);
  log_(fmt::format("step {:5d}  loss {:.3f}  {:.0f} rows/s  rate {:.2e}  {:.1f}k rows  {:.0f} min",
                   optimiser_->steps(), loss_ / steps_, per_second, rate_,
                   static_cast<double>(state_.rows) / 1e3, seconds() / 60.0));
  log_file_.write({{"step", optimiser_->steps()},
                   {"loss", loss_ / steps_},
                   {"rate", rate_},
                   {"rows", state_.rows},
                   {"rows_per_second", per_second},
                   {"seconds", seconds()}});
  last_line_ = Clock::now();
  rows_at_line_ = state_.rows;
  loss_ = 0.0;
  steps_ = 0;
}

Result<TrainReport> AdapterRun::go(const std::stop_token& stop) {
  const Clock::time_point start = last_measure_ = last_save_ = last_line_ = Clock::now();
  rows_at_line_ = state_.rows;
  PromptStream prompts(data_.training, writer_, state_.seed, state_.place, options_.context);
  measure();
  TrainReport report;
  report.drafts_before = scores_.per_forward;
  while (!is_over() && !stop.stop_requested()) {
    const Result<std::vector<WrittenSpan>> spans = next_round(prompts);
    if (!spans) return std::unexpected(spans.error());
    const auto of_step = static_cast<std::size_t>(options_.batch);
    for (std::size_t i = 0; i < spans->size(); i += of_step) {
      const auto some = std::span(*spans).subspan(i, std::min(of_step, spans->size() - i));
      if (Result<void> learnt = learn(some); !learnt) return std::unexpected(learnt.error());
    }
    state_.place = prompts.place();
    if (seconds_since(last_line_) >= 30.0) write_line();
    if (seconds_since(last_measure_) >= options_.measure_every_minutes * 60.0) {
      measure();
      last_measure_ = Clock::now();
    }
    if (seconds_since(last_save_) >= options_.save_every_minutes * 60.0) {
      if (Result<void> saved = save(); !saved) return std::unexpected(saved.error());
      last_save_ = Clock::now();
    }
  }
  write_line();
  measure();
  if (Result<void> saved = save(); !saved) return std::unexpected(saved.error());
  report.steps = optimiser_->steps();
  report.rows = state_.rows;
  report.seconds = seconds_since(start);
  report.measured_files = held_out_.size();
  report.drafts_after = scores_.per_forward;
  report.stopped_early = stop.stop_requested();
  return report;
}

}  // namespace

Result<TrainReport> train_adapter(const TrainOptions& options, const std::stop_token& stop,
                                  const TrainLog& log) {
  if (Result<void> made = make_folder(options.out); !made) return std::unexpected(made.error());
  Result<Corpora> data = open_corpora(options);
  if (!data) return std::unexpected(data.error());
  Result<PretrainedParts> parts =
      load_pretrained_parts({.model = options.adapter->base.string(), .threads = options.threads});
  if (!parts) return std::unexpected(parts.error());
  if (parts->setting.order == FimOrder::absent)
    return failure(ErrorCode::bad_argument, options.adapter->base.string(),
                   "was not trained to fill in the middle", "name a model that was");
  AdapterRun run(options, std::move(*parts), std::move(*data), log);
  if (Result<void> prepared = run.prepare(); !prepared) return std::unexpected(prepared.error());
  return run.go(stop);
}

}  // namespace inpaint::engine
