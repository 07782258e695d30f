#include "engine/service/pretrained_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/folders.h"
#include "engine/base/processor.h"
#include "engine/kernels/quantised_product.h"
#include "engine/kernels/quantised_strip.h"
#include "engine/model/pretrained/pretrained_model.h"
#include "engine/prompt/fim_family.h"
#include "engine/service/adapter_search.h"
#include "engine/service/fill_service.h"
#include "engine/weights/gguf_file.h"
#include "engine/weights/gguf_tokenizer.h"
#include "engine/weights/parameter_count.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

// A key that ends a word moves what stands behind the cursor, which is then encoded anew: with so many
// tokens half a second on two cores, and a file that is seen for the first time takes some two seconds.
// Longer contexts are for when less has to be encoded again.
constexpr int kContextTokens = 384;
constexpr int kSpanRoom = 512;  // positions behind a context, at least

class PretrainedEngine final : public Engine {
 public:
  PretrainedEngine(EngineInfo info, PretrainedParts parts, const FillLimits& limits,
                   const std::vector<TokenId>& never, int threads)
      : info_(std::move(info)),
        tokenizer_(std::move(parts.tokenizer)),
        special_(parts.setting.special),
        model_(std::move(parts.config), std::move(parts.weights),
               TokenChoice(parts.config.vocabulary, never, parts.setting.ends), threads,
               std::move(parts.adapter)),
        service_(model_, tokenizer_, special_, limits) {}

  const EngineInfo& info() const override { return info_; }
  Result<FillReply> fill(FillRequest request) override { return service_.fill(request); }
  Result<void> refresh(const std::stop_token& stop) override { return service_.refresh(stop); }

 private:
  EngineInfo info_;
  Tokenizer tokenizer_;
  SpecialTokens special_;
  PretrainedModel model_;
  FillService service_;
};

int threads_of(const EngineOptions& options) {
  return options.threads > 0 ? options.threads : physical_cores();
}

/// "Q5_0 133, Q8_0 13 by avx2": in which formats the products run, and by what instructions where these have blocks. A
/// table that is looked up only has none.
std::string formats_of(const PretrainedWeights& weights) {
  std::map<std::string_view, int> counts;
  bool has_blocks = false;
  const auto add = [&](const kernels::QuantisedMatrix& matrix) {
    ++counts[kernels::shape_of(matrix.format()).name];
    has_blocks = has_blocks || !kernels::is_plain(matrix.format());
  };
  add(weights.head.empty() ? weights.embedding : weights.head);
  for (const PretrainedLayer& layer : weights.layers)
    for (const kernels::QuantisedMatrix* matrix : matrices_of(layer)) add(*matrix);
  std::string text;
  for (const auto& [name, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
  if (has_blocks) text += fmt::format(" by {}", kernels::name_of(kernels::best_instructions()));
  return text;
}

Result<void> take_format(FimSetting& setting, const std::string& name) {
  const PromptFormat* const format = find_prompt_format(name);
  if (format == nullptr)
    return failure(ErrorCode::bad_argument, name, "no such prompt format",
                   "name one of: " + prompt_format_names());
  const bool lacks_tokens = (format->n_markers > 0 && setting.special.prefix == kNoToken) ||
                            (format->has_stand_ins && setting.special.hole[0] == kNoToken);
  if (lacks_tokens)
    return failure(ErrorCode::bad_argument, name, "the model has no tokens for this prompt format",
                   "leave it to the model, which is asked with " +
                       std::string(setting.format->name));
  setting.format = format;
  if (setting.order == FimOrder::assumed) setting.order = FimOrder::known;
  return {};
}

Result<std::unique_ptr<Engine>> engine_of(PretrainedParts parts, const EngineOptions& options) {
  if (!options.prompt_format.empty()) {
    const auto taken = take_format(parts.setting, options.prompt_format);
    if (!taken) return std::unexpected(taken.error());
  }
  EngineInfo info;
  info.model_path = options.model;
  info.family = parts.config.family;
  info.parameters = count_parameters(parts.weights);
  info.layers = parts.config.layers;
  info.hidden = parts.config.hidden;
  info.vocabulary = parts.config.vocabulary;
  info.context_budget =
      std::min(options.context_tokens > 0 ? options.context_tokens : kContextTokens,
               parts.config.max_positions - kSpanRoom);
  if (info.context_budget < 64)
    return failure(
        ErrorCode::bad_config, options.model,
        fmt::format("{} positions are too few to complete code", parts.config.max_positions),
        "use a model with 1024 or more");
  const std::vector<fs::path> shelves = adapter_shelves(program_file());
  Result<FoundAdapter> found =
      find_adapter(options.adapter, shelves, {options.model, parts.config, parts.tokenizer});
  if (!found) return std::unexpected(found.error());
  parts.adapter = std::move(found->adapter);
  info.adapter = found->folder;
  info.adapter_note = found->note;
  info.number_types = formats_of(parts.weights);
  info.prompt_format = parts.setting.format->name;
  info.fim_order = parts.setting.order;
  info.fim_family = parts.setting.family;
  const FillLimits limits{
      info.context_budget, {}, parts.config.max_positions, parts.setting.format, options.row_cost};
  const std::vector<TokenId> never = parts.never_proposed();
  return std::make_unique<PretrainedEngine>(std::move(info), std::move(parts), limits, never,
                                            threads_of(options));
}

/// What the file says of its tokens; older writers had other names for the same keys.
DeclaredTokens declared_tokens(const GgufMetadata& metadata, int vocabulary) {
  const auto first_of = [&](std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) {
      const auto id = metadata.integer("tokenizer.ggml." + std::string(key));
      if (id && *id >= 0 && *id < vocabulary) return static_cast<TokenId>(*id);
    }
    return kNoToken;
  };
  return {.end = first_of({"eos_token_id"}),
          .prefix = first_of({"fim_pre_token_id", "prefix_token_id"}),
          .suffix = first_of({"fim_suf_token_id", "suffix_token_id"}),
          .middle = first_of({"fim_mid_token_id", "middle_token_id"})};
}

Result<PretrainedParts> load_gguf(const EngineOptions& options) {
  const fs::path model = options.model;
  Result<GgufFile> file = GgufFile::open(model);
  if (!file) return std::unexpected(file.error());
  Result<PretrainedConfig> config = pretrained_config(*file);
  if (!config) return std::unexpected(config.error());
  Result<Tokenizer> tokenizer = load_gguf_tokenizer(file->metadata(), model);
  if (!tokenizer) return std::unexpected(tokenizer.error());
  Result<FimSetting> setting =
      fim_setting(*tokenizer, config->name, declared_tokens(file->metadata(), config->vocabulary));
  if (!setting) return std::unexpected(setting.error());
  Result<PretrainedWeights> weights =
      load_pretrained(*file, *config, options.loading, available_memory(), threads_of(options));
  if (!weights) return std::unexpected(weights.error());
  return PretrainedParts{std::move(*config), std::move(*weights), std::move(*tokenizer), *setting};
}

Result<PretrainedParts> load_folder(const EngineOptions& options) {
  const fs::path folder = options.model;
  Result<PretrainedConfig> config = pretrained_config(folder);
  if (!config) return std::unexpected(config.error());
  Result<Tokenizer> tokenizer = Tokenizer::load(folder / "tokenizer.json");
  if (!tokenizer) return std::unexpected(tokenizer.error());
  const std::string name = config->name.empty() ? folder.filename().string() : config->name;
  Result<FimSetting> setting = fim_setting(*tokenizer, name, {});
  if (!setting) return std::unexpected(setting.error());
  Result<PretrainedWeights> weights =
      load_pretrained(folder, *config, kernels::BlockFormat::q8_0, options.loading,
                      available_memory(), threads_of(options));
  if (!weights) return std::unexpected(weights.error());
  return PretrainedParts{std::move(*config), std::move(*weights), std::move(*tokenizer), *setting};
}

}  // namespace

std::vector<TokenId> PretrainedParts::never_proposed() const {
  std::vector<TokenId> never = tokenizer.without_text(config.vocabulary);
  const SpecialTokens& special = setting.special;
  for (const TokenId id : {special.prefix, special.near, special.fill[0]})
    if (id != kNoToken && std::ranges::count(never, id) == 0) never.push_back(id);
  return never;
}

Result<PretrainedParts> load_pretrained_parts(const EngineOptions& options) {
  std::error_code ignored;
  return fs::is_directory(options.model, ignored) ? load_folder(options) : load_gguf(options);
}

Result<std::unique_ptr<Engine>> open_pretrained(const EngineOptions& options) {
  Result<PretrainedParts> parts = load_pretrained_parts(options);
  if (!parts) return std::unexpected(parts.error());
  return engine_of(std::move(*parts), options);
}

}  // namespace inpaint::engine
