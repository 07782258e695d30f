// How fast training samples are made: what the trainer can take at most, on whatever device.
#include <benchmark/benchmark.h>

#include "engine/prompt/inpaint_format.h"
#include "engine/training/corpus/sample_stream.h"
#include "tests/benchmarks/benchmark_inputs.h"

namespace inpaint::benchmarks {
namespace {

/// Items are rows: what `inpaint train` calls tokens.
void training_samples(benchmark::State& state) {
  const engine::Tokenizer tokenizer = mini_tokenizer();
  const auto special = engine::SpecialTokens::find(tokenizer);
  const auto corpus =
      engine::Corpus::open(std::filesystem::path(INPAINT_SOURCE_DIR) / "engine/training");
  if (!special || !corpus) {
    state.SkipWithError("the tokenizer or the corpus cannot be read");
    return;
  }
  const engine::SampleShape shape;
  const engine::SampleWriter writer({tokenizer, *special, engine::kInpaint1}, shape, {});
  engine::SampleStream stream(*corpus, writer, /*seed=*/1, {});
  for (auto _ : state) {
    if (!stream.next()) {
      state.SkipWithError("the stream ended");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * shape.rows());
}
BENCHMARK(training_samples)->Unit(benchmark::kMicrosecond)->UseRealTime()->MeasureProcessCPUTime();

}  // namespace
}  // namespace inpaint::benchmarks
