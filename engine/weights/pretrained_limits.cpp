#include "engine/weights/pretrained_limits.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "engine/base/file_handle.h"

namespace inpaint::engine {
namespace {

struct Count {
  const char* what;
  std::int64_t value;
  std::int64_t most;
};

struct Number {
  const char* what;
  double value, least, most;
};

constexpr double kMostMultiplier = 1e6;

std::string problem_of_counts(const PretrainedConfig& config) {
  const Count counts[] = {
      {"hidden width", config.hidden, kMaxPretrainedWidth},
      {"number of layers", config.layers, kMaxPretrainedLayers},
      {"number of heads", config.heads, kMaxPretrainedHeads},
      {"number of key heads", config.kv_heads, kMaxPretrainedHeads},
      {"width of a head", config.head_dim, kMaxPretrainedHeadDim},
      {"inner width", config.intermediate, kMaxPretrainedWidth},
      {"vocabulary", config.vocabulary, kMaxPretrainedVocabulary},
      {"number of positions", config.max_positions, kMaxPretrainedPositions},
      {"width of all heads", std::int64_t{config.heads} * config.head_dim, kMaxPretrainedWidth},
  };
  for (const Count& count : counts) {
    if (count.value < 1 || count.value > count.most)
      return fmt::format("the {} is {}, expected 1 to {}", count.what, count.value, count.most);
  }
  if (config.heads % config.kv_heads != 0)
    return fmt::format("{} heads cannot share {} key heads", config.heads, config.kv_heads);
  if (config.head_dim % 2 != 0)
    return fmt::format("the width of a head is {}, expected an even number", config.head_dim);
  return {};
}

std::string problem_of_numbers(const PretrainedConfig& config) {
  const Number numbers[] = {
      {"epsilon of the norms", config.norm_eps, 1e-12, 1.0},
      {"multiplier of embeddings", config.embedding_multiplier, 1e-6, kMostMultiplier},
      {"multiplier of residuals", config.residual_multiplier, 1e-6, kMostMultiplier},
      {"multiplier of attention", config.attention_multiplier, 0.0, kMostMultiplier},
      {"divisor of logits", config.logits_divisor, 1e-6, kMostMultiplier},
  };
  for (const Number& number : numbers) {
    if (!(number.least <= number.value && number.value <= number.most))
      return fmt::format("the {} is {}, expected {} to {}", number.what, number.value, number.least,
                         number.most);
  }
  const bool turns = std::ranges::all_of(config.inverse_frequencies, [](float frequency) {
    return std::isfinite(frequency) && frequency >= 0.0F;
  });
  if (std::ssize(config.inverse_frequencies) != config.head_dim / 2 || !turns)
    return fmt::format("the rotary frequencies are not {} numbers", config.head_dim / 2);
  return {};
}

}  // namespace

Result<void> check_limits(const PretrainedConfig& config, const std::string& name) {
  std::string problem = problem_of_counts(config);
  if (problem.empty()) problem = problem_of_numbers(config);
  if (problem.empty()) return {};
  return failure(ErrorCode::bad_config, name, std::move(problem), "fetch the model again");
}

std::optional<std::uint64_t> available_memory(std::string_view meminfo) {
  constexpr std::string_view kLine = "MemAvailable:";
  const std::size_t at = meminfo.find(kLine);
  if (at == std::string_view::npos) return std::nullopt;
  meminfo.remove_prefix(at + kLine.size());
  meminfo.remove_prefix(std::min(meminfo.find_first_not_of(' '), meminfo.size()));
  std::uint64_t kib = 0;
  const auto [end, error] = std::from_chars(meminfo.data(), meminfo.data() + meminfo.size(), kib);
  constexpr std::uint64_t kKib = 1024;
  if (error != std::errc() || kib > std::numeric_limits<std::uint64_t>::max() / kKib)
    return std::nullopt;
  return kib * kKib;
}

std::optional<std::uint64_t> available_memory() {
  // Files of /proc say that they have no bytes, so read_whole_file() would read none.
  const std::filesystem::path path = "/proc/meminfo";
  auto file = FileHandle::open_to_read(path);
  if (!file) return std::nullopt;
  std::string text(8192, '\0');
  auto got = file->read_at(0, std::as_writable_bytes(std::span(text)), path);
  if (!got) return std::nullopt;
  return available_memory(std::string_view(text).substr(0, *got));
}

Result<void> check_memory(std::uint64_t needed, std::optional<std::uint64_t> available,
                          const std::string& name) {
  if (!available || needed <= *available) return {};
  constexpr double kGib = 1024.0 * 1024.0 * 1024.0;
  return failure(ErrorCode::unavailable, name,
                 fmt::format("the weights need {:.2f} GiB of memory, {:.2f} GiB are available",
                             static_cast<double>(needed) / kGib,
                             static_cast<double>(*available) / kGib),
                 "close other programs, or use a smaller model or quantisation");
}

}  // namespace inpaint::engine
