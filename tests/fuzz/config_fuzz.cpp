// config.json: any bytes give a configuration or an Error; a configuration is within the limits and
// survives being saved.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/weights/model_config.h"

using namespace inpaint::engine;  // a program of one function

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto config = parse_config({reinterpret_cast<const char*>(data), size}, "config.json");
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
