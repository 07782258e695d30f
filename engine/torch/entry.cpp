// The one symbol of libinpaint_engine.so, and the place where the parts of the engine are put
// together.

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <fmt/format.h>
#include <malloc.h>
#include <torch/version.h>

#include "engine/base/guarded.h"
#include "engine/library.h"
#include "engine/model/transformer_model.h"
#include "engine/model/weight_files.h"
#include "engine/model_kind.h"
#include "engine/prompt/special_tokens.h"
#include "engine/service/fill_service.h"
#include "engine/service/pretrained_engine.h"
#include "engine/train_options.h"
#include "engine/training/adapter/adapter_trainer.h"
#include "engine/weights/model_config.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

/// All that no text is made of, but what ends it.
std::vector<TokenId> never_proposed(const ModelConfig& config, const Tokenizer& tokenizer,
                                    const SpecialTokens& special) {
  std::vector<TokenId> never = tokenizer.without_text(config.vocabulary);
  std::erase(never, special.end);
  return never;
}

/// The engine inside of this process: a model, and what serves requests on it.
class LocalEngine final : public Engine {
 public:
  LocalEngine(EngineInfo info, Tokenizer tokenizer, SpecialTokens special,
              const ModelConfig& config, TransformerWeights weights, NumberTypes types)
      : info_(std::move(info)),
        tokenizer_(std::move(tokenizer)),
        special_(special),
        model_(config, std::move(weights), types, never_proposed(config, tokenizer_, special_)),
        service_(model_, tokenizer_, special_,
                 {config.context_tokens, config.block_widths, config.max_positions,
                  config.prompt_format}) {}

  const EngineInfo& info() const override { return info_; }
  Result<FillReply> fill(FillRequest request) override { return service_.fill(request); }

 private:
  EngineInfo info_;
  Tokenizer tokenizer_;
  SpecialTokens special_;
  TransformerModel model_;
  FillService service_;
};

std::int64_t count_parameters(const ModelConfig& config, const TransformerWeights& weights) {
  std::int64_t count = 0;
  for (const NamedTensor& named : named_tensors(config, weights)) count += named.tensor.numel();
  return count;
}

Result<std::unique_ptr<Engine>> open_model(const EngineOptions& options) {
  if (is_published(options.model)) return open_pretrained(options);
  const fs::path folder = options.model;
  const int threads = options.threads > 0 ? options.threads : default_threads();
  // Before torch starts any: OMP_NUM_THREADS, from a script for another program, may say thousands.
  at::set_num_threads(threads);
  Result<ModelConfig> config = load_config(folder);
  if (!config) return std::unexpected(config.error());
  if (config->context_tokens <= 0 || config->block_widths.empty() || !config->prompt_format)
    return failure(ErrorCode::bad_config, (folder / "config.json").string(),
                   fmt::format("a model of the family {} cannot fill holes yet", config->family),
                   "use a model of the family inpaint_mini");
  Result<Tokenizer> tokenizer = Tokenizer::load(folder / "tokenizer.json");
  if (!tokenizer) return std::unexpected(tokenizer.error());
  if (tokenizer->size() > config->vocabulary)
    return failure(ErrorCode::bad_config, (folder / "config.json").string(),
                   fmt::format("a vocabulary of {} for a tokenizer of {}", config->vocabulary,
                               tokenizer->size()),
                   "the two files are of different models; fetch both again");
  Result<SpecialTokens> special = SpecialTokens::find(*tokenizer);
  if (!special) return std::unexpected(special.error());
  Result<TransformerWeights> weights = load_weights(*config, folder);
  if (!weights) return std::unexpected(weights.error());

  EngineInfo info;
  info.model_path = folder.string();
  info.family = config->family;
  info.parameters = count_parameters(*config, *weights);
  info.layers = config->layers;
  info.hidden = config->hidden;
  info.vocabulary = config->vocabulary;
  info.context_budget = config->context_tokens;
  info.block_widths = config->block_widths;
  info.torch_version = TORCH_VERSION;
  NumberTypes types = NumberTypes::choose(*config, threads, options.cache_folder);
  info.number_types = types.describe();

  return std::make_unique<LocalEngine>(std::move(info), std::move(*tokenizer), *special, *config,
                                       std::move(*weights), types);
}

Result<std::unique_ptr<Engine>> load(const EngineOptions& options) {
  if (options.device == Device::cuda)
    return failure(ErrorCode::unavailable, "--device cuda", "this build has no CUDA part",
                   "use --device cpu");
  return guarded("engine", [&]() -> Result<std::unique_ptr<Engine>> {
    try {
      return open_model(options);
    } catch (const c10::Error& error) {
      return failure(ErrorCode::unavailable, options.model, error.what_without_backtrace());
    }
  });
}

Result<TrainReport> run_training(const TrainOptions& options, const std::stop_token& stop,
                                 const TrainLog& log) {
  // A step frees and takes the same hundreds of megabytes again; given back to the system each time
  // they cost a tenth of it in page faults.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
  ::mallopt(M_TRIM_THRESHOLD, 2047 << 20);
  return guarded("training", [&]() -> Result<TrainReport> {
    try {
      return options.adapter ? train_adapter(options, stop, log) : train(options, stop, log);
    } catch (const c10::Error& error) {
      return failure(ErrorCode::unavailable, "training", error.what_without_backtrace());
    }
  });
}

constexpr EngineEntry kEntry{INPAINT_VERSION, &load, &run_training};

}  // namespace
}  // namespace inpaint::engine

extern "C" __attribute__((visibility("default"))) const inpaint::engine::EngineEntry*
inpaint_engine_entry() {
  return &inpaint::engine::kEntry;
}
