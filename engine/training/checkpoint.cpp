#include "engine/training/checkpoint.h"

#include <fmt/format.h>

#include <cstdlib>

#include "engine/model/weight_files.h"

namespace inpaint::engine {
namespace {

constexpr std::string_view kVersion = "1";
constexpr std::string_view kMean = ".mean";  // behind the name of a master

}  // namespace

Result<void> save_checkpoint(const std::filesystem::path& file, const Optimiser& optimiser,
                             const WeightAverage& mean, const RunState& state) {
  std::vector<NamedTensor> tensors;
  for (const auto& [name, tensor] : optimiser.state()) tensors.push_back({name, tensor});
  for (const auto& [name, tensor] : mean.means())
    tensors.push_back({name + std::string(kMean), tensor});
  return save_weights(file, tensors, "f32",
                      {{"checkpoint", std::string(kVersion)},
                       {"steps", std::to_string(optimiser.steps())},
                       {"averaged_steps", std::to_string(mean.steps())},
                       {"epoch", std::to_string(state.place.epoch)},
                       {"document", std::to_string(state.place.document)},
                       {"rows", std::to_string(state.rows)},
                       {"seconds", fmt::format("{:.3f}", state.seconds)},
                       {"seed", std::to_string(state.seed)}});
}

Result<RunState> load_checkpoint(const std::filesystem::path& file, Optimiser& optimiser,
                                 WeightAverage& mean) {
  Result<SafetensorsFile> opened = SafetensorsFile::open(file);
  if (!opened) return std::unexpected(opened.error());
  const auto misfit = [&](std::string why) {
    return failure(ErrorCode::bad_weights, file.string(), std::move(why),
                   "continue with the options of the run that wrote it, or start anew");
  };
  const auto& metadata = opened->metadata();
  const auto value = [&](const std::string& key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
  };
  if (value("checkpoint") != kVersion)
    return misfit(fmt::format("is no checkpoint of version {}", kVersion));
  const auto read = [&](const std::string& name) -> Result<at::Tensor> {
    const TensorEntry* entry = opened->find(name);
    if (!entry) return misfit(fmt::format("has no \"{}\"", name));
    return read_tensor(*opened, *entry);
  };
  for (const auto& [name, tensor] : optimiser.state()) {
    Result<at::Tensor> stored = read(name);
    if (!stored) return std::unexpected(stored.error());
    if (!optimiser.restore(name, *stored))
      return misfit(fmt::format("\"{}\" has another shape than this model", name));
  }
  std::vector<std::pair<std::string, at::Tensor>> means;
  const std::int64_t averaged = std::strtoll(value("averaged_steps").c_str(), nullptr, 10);
  for (std::size_t i = 0; averaged > 0 && i < optimiser.parameters().size(); ++i) {
    const std::string& name = optimiser.parameters()[i].name;
    Result<at::Tensor> stored = read(name + std::string(kMean));
    if (!stored) return std::unexpected(stored.error());
    if (stored->sizes() != optimiser.master(i).sizes())
      return misfit(fmt::format("the mean of \"{}\" has another shape than this model", name));
    means.emplace_back(name, std::move(*stored));
  }
  if (opened->tensors().size() != optimiser.state().size() + means.size())
    return misfit("holds tensors that this model lacks");
  mean.restore(std::move(means), averaged);
  optimiser.restore_steps(std::strtoll(value("steps").c_str(), nullptr, 10));
  RunState state;
  state.place.epoch = static_cast<int>(std::strtol(value("epoch").c_str(), nullptr, 10));
  state.place.document = std::strtoull(value("document").c_str(), nullptr, 10);
  state.rows = std::strtoll(value("rows").c_str(), nullptr, 10);
  state.seconds = std::strtod(value("seconds").c_str(), nullptr);
  state.seed = std::strtoull(value("seed").c_str(), nullptr, 10);
  return state;
}

}  // namespace inpaint::engine
