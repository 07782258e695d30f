#include "engine/model_kind.h"

#include <string>
#include <system_error>

#include "engine/base/file_handle.h"
#include "engine/base/strict_json.h"

namespace inpaint::engine {

namespace fs = std::filesystem;

bool is_published(const fs::path& model) {
  std::error_code ignored;
  if (fs::is_regular_file(model, ignored)) return true;
  const fs::path file = model / "config.json";
  const Result<std::string> text = read_whole_file(file, JsonLimits{}.max_bytes);
  if (!text) return false;
  const auto config = parse_strict_json(*text, {}, ErrorCode::bad_config, file.string());
  return config && config->is_object() && config->contains("model_type") &&
         (*config)["model_type"] != "inpaint_mini";
}

}  // namespace inpaint::engine
