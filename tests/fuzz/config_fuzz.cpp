// config.json of a model and of a mask adapter: any bytes give a configuration or an Error; a
// configuration is within the limits and survives being saved.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/weights/adapter_config.h"
#include "engine/weights/model_config.h"

using namespace inpaint::engine;  // a program of one function

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// The same of the config.json of a mask adapter.
void check_adapter(std::string_view text) {
  auto config = parse_adapter_config(text, "config.json");
  if (!config) return;
  require(config->rank > 0 && config->masks > 0 && config->markov_rank >= 0 && config->rows >= 0);
  require(config->draft_tokens > 0 && config->draft_tokens <= config->base.vocabulary);
  auto again = parse_adapter_config(to_json(*config), "config.json");
  require(again.has_value() && *again == *config);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_adapter(text);
  auto config = parse_config(text, "config.json");
  if (!config) return 0;
  require(config->hidden > 0 && config->layers > 0 && config->heads > 0 && config->kv_heads > 0);
  require(config->intermediate > 0 && config->vocabulary > 0 && config->max_positions > 0);
  require(config->heads % config->kv_heads == 0);
  require(config->head_dim > 0 && config->head_dim % 2 == 0);
  require(config->norm_eps > 0 && config->rope_theta >= 1);
  auto again = parse_config(to_json(*config), "config.json");
  require(again.has_value() && *again == *config);
  return 0;
}
