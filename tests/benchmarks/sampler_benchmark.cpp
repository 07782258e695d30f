// One step of the sampler: between two forwards, so it must cost nothing beside them.
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/decoding/sampler.h"

namespace inpaint::benchmarks {
namespace {

/// Shape: width of the block, all of it masked.
void sampler_step(benchmark::State& state) {
  constexpr engine::TokenId kEnd = 2;
  const int width = static_cast<int>(state.range(0));
  engine::Canvas canvas;
  canvas.open_block(width);
  std::vector<engine::Proposal> proposals;
  for (int i = 0; i < width; ++i)
    proposals.push_back({i, {100 + i, static_cast<float>((i * 37) % 100) / 100.0F}});
  engine::ThresholdSampler sampler(0.9F, kEnd);
  for (auto _ : state) benchmark::DoNotOptimize(sampler.step(canvas, proposals));
}
BENCHMARK(sampler_step)->Arg(4)->Arg(16)->Arg(32);

}  // namespace
}  // namespace inpaint::benchmarks
