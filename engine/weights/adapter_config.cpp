#include "engine/weights/adapter_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/strict_json.h"
#include "engine/weights/config_fields.h"
#include "engine/weights/pretrained_limits.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

constexpr std::string_view kFormat = "inpaint_mask_adapter";
constexpr int kVersion = 1;
constexpr int kMostRank = 1 << 10;
constexpr int kMostMasks = 64;

class Fields : public ConfigFields {
 public:
  using ConfigFields::ConfigFields;

  int count(std::string_view key, int most, int least = 1) {
    const json* value = find(key);
    const bool none = least == 0 && value != nullptr && *value == 0;
    if (value != nullptr && (none || is_count(*value, most))) return value->get<int>();
    refuse(fmt::format("{} is {}, expected {} to {}", key, shown(value), least, most));
    return 0;
  }

  std::string text(std::string_view key) {
    const json* value = find(key);
    if (value != nullptr && value->is_string()) return value->get<std::string>();
    refuse(fmt::format("{} is {}, expected a text", key, shown(value)));
    return {};
  }

  std::vector<std::string> texts(std::string_view key) {
    const json* value = find(key);
    const bool are_texts =
        value != nullptr && value->is_array() &&
        std::ranges::all_of(*value, [](const json& entry) { return entry.is_string(); });
    if (are_texts) return value->get<std::vector<std::string>>();
    refuse(fmt::format("{} is {}, expected a list of texts", key, shown(value)));
    return {};
  }

 private:
  static std::string shown(const json* value) {
    return value == nullptr ? "missing" : value->dump().substr(0, 64);
  }
};

Result<AdapterBase> read_base(const json& document, const std::string& name) {
  const auto place = document.find("base");
  if (place == document.end() || !place->is_object())
    return failure(ErrorCode::bad_config, name, "base is no object", kAdapterRemedy);
  Fields fields(*place);
  AdapterBase base{.family = fields.text("family"),
                   .hidden = fields.count("hidden", kMaxPretrainedWidth),
                   .layers = fields.count("layers", kMaxPretrainedLayers),
                   .heads = fields.count("heads", kMaxPretrainedHeads),
                   .kv_heads = fields.count("kv_heads", kMaxPretrainedHeads),
                   .head_dim = fields.count("head_dim", kMaxPretrainedHeadDim),
                   .intermediate = fields.count("intermediate", kMaxPretrainedWidth),
                   .vocabulary = fields.count("vocabulary", kMaxPretrainedVocabulary)};
  if (!fields.problem().empty())
    return failure(ErrorCode::bad_config, name, "base: " + fields.problem(), kAdapterRemedy);
  return base;
}

Result<AdapterConfig> read_config(const json& document, const std::string& name) {
  Fields fields(document);
  if (const std::string format = fields.text("format"); format != kFormat)
    fields.refuse(fmt::format("format is \"{}\", expected \"{}\"", format, kFormat));
  if (const int version = fields.count("version", 1 << 20); version != kVersion)
    fields.refuse(fmt::format("version is {}, this program reads {}", version, kVersion));
  AdapterConfig config{.rank = fields.count("rank", kMostRank),
                       .masks = fields.count("masks", kMostMasks),
                       .markov_rank = fields.count("markov_rank", kMostRank, 0),
                       .draft_tokens = fields.count("draft_tokens", kMaxPretrainedVocabulary),
                       .base = {},
                       .tokenizer = fields.text("tokenizer"),
                       .measured_on = fields.texts("measured_on"),
                       .rows = 0};
  const json* rows = fields.find("rows");
  if (rows != nullptr && rows->is_number_unsigned() && rows->get<std::uint64_t>() < 1ULL << 62)
    config.rows = rows->get<std::int64_t>();
  else fields.refuse("rows is no count");
  if (!fields.problem().empty())
    return failure(ErrorCode::bad_config, name, fields.problem(), kAdapterRemedy);
  Result<AdapterBase> base = read_base(document, name);
  if (!base) return std::unexpected(base.error());
  config.base = std::move(*base);
  if (config.draft_tokens > config.base.vocabulary)
    return failure(
        ErrorCode::bad_config, name,
        fmt::format("draft_tokens is {} of {}", config.draft_tokens, config.base.vocabulary),
        kAdapterRemedy);
  return config;
}

}  // namespace

AdapterBase adapter_base_of(const PretrainedConfig& config) {
  return {.family = config.family,
          .hidden = config.hidden,
          .layers = config.layers,
          .heads = config.heads,
          .kv_heads = config.kv_heads,
          .head_dim = config.head_dim,
          .intermediate = config.intermediate,
          .vocabulary = config.vocabulary};
}

AdapterConfig adapter_config_of(const PretrainedConfig& base, std::string tokenizer) {
  AdapterConfig config;
  config.base = adapter_base_of(base);
  config.tokenizer = std::move(tokenizer);
  return config;
}

Result<AdapterConfig> parse_adapter_config(std::string_view text, const std::string& name) {
  const auto document = parse_strict_json(text, {}, ErrorCode::bad_config, name);
  if (!document) return std::unexpected(document.error());
  if (!document->is_object())
    return failure(ErrorCode::bad_config, name, "not a JSON object", kAdapterRemedy);
  return read_config(*document, name);
}

std::string to_json(const AdapterConfig& config) {
  const AdapterBase& base = config.base;
  const json document = {{"format", kFormat},
                         {"version", kVersion},
                         {"rank", config.rank},
                         {"masks", config.masks},
                         {"markov_rank", config.markov_rank},
                         {"draft_tokens", config.draft_tokens},
                         {"base",
                          {{"family", base.family},
                           {"hidden", base.hidden},
                           {"layers", base.layers},
                           {"heads", base.heads},
                           {"kv_heads", base.kv_heads},
                           {"head_dim", base.head_dim},
                           {"intermediate", base.intermediate},
                           {"vocabulary", base.vocabulary}}},
                         {"tokenizer", config.tokenizer},
                         {"measured_on", config.measured_on},
                         {"rows", config.rows}};
  return document.dump(2) + "\n";
}

ProjectionShape projection_shape(const AdapterBase& base, std::size_t projection) {
  const int queries = base.heads * base.head_dim, keys = base.kv_heads * base.head_dim;
  const std::array<ProjectionShape, kAdapterProjections.size()> shapes{{
      {base.hidden, queries},
      {base.hidden, keys},
      {base.hidden, keys},
      {queries, base.hidden},
      {base.hidden, base.intermediate},
      {base.hidden, base.intermediate},
      {base.intermediate, base.hidden},
  }};
  return shapes.at(projection);
}

std::string adapter_tensor_name(int layer, std::size_t projection, std::string_view part) {
  return fmt::format("layers.{}.{}.{}", layer, kAdapterProjections.at(projection), part);
}

std::vector<AdapterTensor> adapter_tensors(const AdapterConfig& config) {
  std::vector<AdapterTensor> tensors;
  const auto integers = [&](const std::string& name, std::int64_t rows, std::int64_t columns) {
    tensors.push_back({name, DType::i8, {rows, columns}});
    tensors.push_back({name + ".scale", DType::f16, {rows, groups_of(columns)}});
  };
  for (int layer = 0; layer < config.base.layers; ++layer)
    for (std::size_t i = 0; i < kAdapterProjections.size(); ++i) {
      const ProjectionShape shape = projection_shape(config.base, i);
      integers(adapter_tensor_name(layer, i, "down"), config.rank, shape.inputs);
      integers(adapter_tensor_name(layer, i, "up"), config.rank, shape.outputs);
    }
  if (config.markov_rank > 0) {
    integers("markov.left", config.draft_tokens, config.markov_rank);
    integers("markov.right", config.draft_tokens, config.markov_rank);
  }
  tensors.push_back({"masks", DType::f32, {config.masks, config.base.hidden}});
  tensors.push_back({"draft_tokens", DType::i32, {config.draft_tokens}});
  return tensors;
}

}  // namespace inpaint::engine
