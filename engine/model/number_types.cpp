#include "engine/model/number_types.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <tuple>

#include "engine/base/atomic_file.h"
#include "engine/base/file_handle.h"
#include "engine/base/processor.h"

namespace inpaint::engine {
namespace {

using Json = nlohmann::json;

/// The least of several runs: what the product costs when nothing else disturbs it.
double seconds_per_product(const at::Tensor& x, const at::Tensor& weight) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(15);
  double least = 1e9;
  // What a forward does: the stream is f32, so a bf16 product pays for its conversions.
  const auto run = [&] { return at::linear(x.to(weight.scalar_type()), weight).to(at::kFloat); };
  run();  // the first call chooses a kernel
  do {
    const auto start = Clock::now();
    run();
    least = std::min(least, std::chrono::duration<double>(Clock::now() - start).count());
  } while (Clock::now() < end);
  return least;
}

std::string cache_key(const ModelConfig& config, int threads) {
  return fmt::format("{}, {} threads, {}x{}", processor_name(), threads, config.hidden,
                     config.intermediate);
}

Json read_cache(const std::filesystem::path& file) {
  constexpr std::uint64_t kMostBytes = 1 << 20;
  const Result<std::string> text = read_whole_file(file, kMostBytes);
  Json cache = Json::parse(text.value_or(""), nullptr, /*allow_exceptions=*/false);
  return cache.is_object() ? cache : Json::object();
}

}  // namespace

NumberTypes NumberTypes::fixed(Product product, int threads) {
  NumberTypes types;
  types.narrow_ = product;
  types.wide_.fill(product);
  types.threads_ = threads;
  return types;
}

NumberTypes NumberTypes::choose(const ModelConfig& config, int threads,
                                const std::filesystem::path& cache_folder) {
  NumberTypes types;
  types.threads_ = threads;
  const std::filesystem::path file = cache_folder / "number_types.json";
  Json cache = cache_folder.empty() ? Json::object() : read_cache(file);
  const std::string key = cache_key(config, threads);
  if (const auto kept = cache.find(key);
      kept != cache.end() && kept->is_array() && kept->size() == kRows.size() &&
      std::ranges::all_of(*kept, [](const Json& x) { return x.is_number(); })) {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
      const double ratio = (*kept)[i].get<double>();
      types.wide_[i] = ratio > 1.0 ? Product::bf16 : Product::f32;
      types.speedup_[i] = ratio > 1.0 ? ratio : 1.0 / std::max(ratio, 1e-3);
    }
    return types;
  }

  c10::InferenceMode inference;
  const at::Tensor weight = at::randn({2 * std::int64_t{config.intermediate}, config.hidden});
  const at::Tensor narrow_weight = weight.to(at::kBFloat16);
  Json ratios = Json::array();
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    at::set_num_threads(types.threads(kRows[i]));
    const at::Tensor x = at::randn({kRows[i], config.hidden});
    const double ratio = seconds_per_product(x, weight) / seconds_per_product(x, narrow_weight);
    types.wide_[i] = ratio > 1.0 ? Product::bf16 : Product::f32;
    types.speedup_[i] = ratio > 1.0 ? ratio : 1.0 / ratio;
    ratios.push_back(ratio);
  }
  if (!cache_folder.empty()) {
    cache[key] = ratios;
    std::error_code ignored;
    std::filesystem::create_directories(cache_folder, ignored);
    // A folder that cannot be written costs the next start its 200 ms, and nothing else.
    std::ignore = write_file_atomically(file, cache.dump(1));
  }
  return types;
}

Product NumberTypes::product(int rows) const {
  if (rows <= kNarrowRows) return narrow_;
  for (std::size_t i = 0; i < kRows.size(); ++i)
    if (rows <= kRows[i]) return wide_[i];
  return wide_.back();
}

bool NumberTypes::uses(Product product) const {
  return product == narrow_ || std::ranges::find(wide_, product) != wide_.end();
}

std::string NumberTypes::describe() const {
  const auto name = [](Product product) {
    constexpr std::array kNames{"f32", "bf16", "packed"};
    return kNames[static_cast<std::size_t>(product)];
  };
  std::string text = fmt::format("{} to {} rows", name(narrow_), kNarrowRows);
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    text += fmt::format(", {} at {}", name(wide_[i]), kRows[i]);
    if (speedup_[i] > 0) text += fmt::format(" ({:.1f}x)", speedup_[i]);
  }
  return text;
}

int default_threads() { return std::max(1, physical_cores() - 1); }

}  // namespace inpaint::engine
