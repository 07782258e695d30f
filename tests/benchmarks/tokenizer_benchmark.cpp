// How many megabytes a second become tokens.
#include <benchmark/benchmark.h>

#include "tests/benchmarks/benchmark_inputs.h"

namespace inpaint::benchmarks {
namespace {

void encode(benchmark::State& state) {
  const engine::Tokenizer tokenizer = mini_tokenizer();
  const std::string text = source_text(static_cast<std::size_t>(state.range(0)));
  std::size_t tokens = 0;
  for (auto _ : state) tokens = tokenizer.encode(text).size();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.counters["tokens"] = static_cast<double>(tokens);
}
BENCHMARK(encode)->Arg(1 << 10)->Arg(16 << 10)->Arg(256 << 10)->Unit(benchmark::kMicrosecond);

void decode(benchmark::State& state) {
  const engine::Tokenizer tokenizer = mini_tokenizer();
  const std::string text = source_text(16 << 10);
  std::vector<engine::TokenId> ids;
  for (const engine::Token& token : tokenizer.encode(text)) ids.push_back(token.id);
  for (auto _ : state) benchmark::DoNotOptimize(tokenizer.decode(ids));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(decode)->Unit(benchmark::kMicrosecond);

void load(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(mini_tokenizer());
}
BENCHMARK(load)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace inpaint::benchmarks
