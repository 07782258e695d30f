// From a text to the row of tokens that the model is shown.
#include <benchmark/benchmark.h>

#include "engine/prompt/fill_prompt.h"
#include "engine/prompt/inpaint_format.h"
#include "tests/benchmarks/benchmark_inputs.h"

namespace inpaint::benchmarks {
namespace {

/// A request in the middle of `bytes` of source code, at the end of a line.
engine::FillRequest request_in(std::size_t bytes) {
  engine::FillRequest request;
  request.path = "engine/example.cpp";
  request.text = source_text(bytes);
  const std::size_t cursor = request.text.find('\n', request.text.size() / 2);
  request.holes = {{.range = {cursor, cursor}, .stops_at_newline = true, .constraint = nullptr}};
  return request;
}

/// Shape: bytes of text, tokens of budget.
void lay_out_prompt(benchmark::State& state) {
  const engine::Tokenizer tokenizer = mini_tokenizer();
  const auto special = engine::SpecialTokens::find(tokenizer);
  if (!special) {
    state.SkipWithError(engine::to_string(special.error()).c_str());
    return;
  }
  const engine::FillRequest request = request_in(static_cast<std::size_t>(state.range(0)));
  const int budget = static_cast<int>(state.range(1));
  std::size_t tokens = 0;
  const engine::PromptWriter writer{tokenizer, *special, engine::kInpaint1};
  for (auto _ : state)
    tokens = engine::fill_prompt(writer, request, budget, std::nullopt).tokens.size();
  state.counters["tokens"] = static_cast<double>(tokens);
}
BENCHMARK(lay_out_prompt)
    ->Args({16 << 10, 512})
    ->Args({16 << 10, 1024})
    ->Args({256 << 10, 1024})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace inpaint::benchmarks
