#include "lsp/models/model_choice.h"

#include <cstdint>
#include <system_error>

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/file_handle.h"
#include "engine/base/strict_json.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::failure;
using engine::Result;
using Json = nlohmann::ordered_json;  // people find their file as they wrote it

constexpr std::uint64_t kLargestConfig = 1 << 20;
constexpr const char* kModel = "model";

/// An empty object where there is no file.
Result<Json> read(const fs::path& file) {
  std::error_code unknown;
  if (!fs::exists(file, unknown)) return Json::object();
  const auto text = engine::read_whole_file(file, kLargestConfig);
  if (!text) return std::unexpected(text.error());
  const auto strict = engine::parse_strict_json(*text, {}, ErrorCode::bad_config, file.string());
  if (!strict) return std::unexpected(strict.error());
  if (!strict->is_object())
    return failure(ErrorCode::bad_config, file.string(), "it is no JSON object",
                   "mend it or remove it");
  return Json::parse(*text, nullptr, /*allow_exceptions=*/false);
}

}  // namespace

Result<std::optional<std::string>> chosen_model(const fs::path& config_folder) {
  if (config_folder.empty()) return std::nullopt;
  const fs::path file = config_folder / kConfigFile;
  const auto config = read(file);
  if (!config) return std::unexpected(config.error());
  const auto model = config->find(kModel);
  if (model == config->end() || model->is_null()) return std::nullopt;
  if (!model->is_string() || model->get_ref<const std::string&>().empty())
    return failure(ErrorCode::bad_config, file.string(), "`model` is no text",
                   "choose one with `inpaint models use`");
  return model->get<std::string>();
}

Result<fs::path> choose_model(const fs::path& config_folder,
                              const std::optional<std::string>& model) {
  if (config_folder.empty())
    return failure(ErrorCode::unavailable, "the choice of a model",
                   "there is no home to keep it in", "set HOME or XDG_CONFIG_HOME");
  fs::path file = config_folder / kConfigFile;
  auto config = read(file);
  if (!config) return std::unexpected(config.error());
  if (model) (*config)[kModel] = *model;
  else config->erase(kModel);
  std::error_code failed;
  fs::create_directories(config_folder, failed);
  if (failed)
    return failure(ErrorCode::io_failed, config_folder.string(),
                   "cannot make the folder, " + failed.message(), "see who may write there");
  const std::string text = config->dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  if (const auto written = engine::write_file_atomically(file, text); !written)
    return std::unexpected(written.error());
  return file;
}

}  // namespace inpaint::lsp
