#include "lsp/models/measured_speed.h"

#include <cmath>
#include <system_error>

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/file_handle.h"
#include "engine/base/strict_json.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kFile = "model_speeds.json";
constexpr std::uint64_t kLargestFile = 1 << 20;
constexpr std::size_t kMostModels = 1000;

Json read(const fs::path& cache_folder) {
  const auto text = engine::read_whole_file(cache_folder / kFile, kLargestFile);
  if (!text) return Json::object();
  auto all = engine::parse_strict_json(*text, {}, engine::ErrorCode::bad_config, kFile);
  return all && all->is_object() ? std::move(*all) : Json::object();
}

}  // namespace

std::optional<double> measured_speed(const fs::path& cache_folder, const fs::path& model,
                                     std::uint64_t bytes) {
  if (cache_folder.empty()) return std::nullopt;
  const Json all = read(cache_folder);
  const auto found = all.find(model.string());
  if (found == all.end() || !found->is_object()) return std::nullopt;
  const auto size = found->find("bytes");
  const auto speed = found->find("tokens_per_second");
  if (size == found->end() || !size->is_number_unsigned() || *size != bytes) return std::nullopt;
  if (speed == found->end() || !speed->is_number()) return std::nullopt;
  const auto value = speed->get<double>();
  return std::isfinite(value) && value > 0.0 ? std::optional(value) : std::nullopt;
}

engine::Result<void> keep_speed(const fs::path& cache_folder, const fs::path& model,
                                std::uint64_t bytes, double tokens_per_second) {
  if (cache_folder.empty()) return {};
  Json all = read(cache_folder);
  if (all.size() >= kMostModels) all = Json::object();
  all[model.string()] = {{"bytes", bytes}, {"tokens_per_second", tokens_per_second}};
  std::error_code failed;
  fs::create_directories(cache_folder, failed);
  if (failed)
    return engine::failure(engine::ErrorCode::io_failed, cache_folder.string(),
                           "cannot make the folder, " + failed.message(),
                           "see who may write there");
  return engine::write_file_atomically(cache_folder / kFile,
                                       all.dump(2, ' ', false, Json::error_handler_t::replace));
}

}  // namespace inpaint::lsp
