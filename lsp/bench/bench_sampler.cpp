#include "lsp/bench/bench_sampler.h"

#include <utility>

#include <fmt/format.h>

namespace inpaint::lsp {

bool BenchSampler::wanted(const std::string& what) const {
  return subject_.filter.empty() || what.find(subject_.filter) != std::string::npos;
}

void BenchSampler::tell(const std::string& what) const {
  if (subject_.on_row) subject_.on_row(what);
}

Series* BenchSampler::row(std::string what, std::string unit, std::optional<double> budget) {
  if (!wanted(what)) return nullptr;
  tell(what);
  rows_.push_back({std::move(what), std::move(unit), budget, {}, {}});
  return &rows_.back();
}

void BenchSampler::add(Series series) {
  if (wanted(series.what)) rows_.push_back(std::move(series));
}

std::string BenchSampler::new_path() {
  return fmt::format("{}{}/{}", subject_.run, ++paths_, subject_.path);
}

}  // namespace inpaint::lsp
