// Products with weights in blocks: of one row, which memory bounds, and of many, which the cores do.
//
// Read "weights" of few rows against what the machine's memory gives, "operations" of many (a product
// and a sum are two) against another format's. All copies of a matrix together are larger than the
// caches, as the matrices of a model are.
#include <cstdint>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/kernels/quantised_matrix.h"
#include "tests/engine/kernels/random_blocks.h"
#include "tests/engine/kernels/random_floats.h"

namespace inpaint::benchmarks {
namespace {

using namespace engine::kernels;

constexpr std::int64_t kBytesOfCopies = 100 << 20;

/// Shape: [outputs, inputs], rows, threads.
void quantised_product(benchmark::State& state, BlockFormat format) {
  const std::int64_t outputs = state.range(0), inputs = state.range(1), rows = state.range(2);
  std::mt19937 random(1);
  const std::vector<std::byte> data = random_blocks(random, format, outputs * inputs);
  std::vector<QuantisedMatrix> copies;
  do copies.emplace_back(format, outputs, inputs, data);
  while (std::ssize(copies) * std::ssize(data) < kBytesOfCopies);
  const std::vector<float> x = normal_floats(random, rows * inputs);
  std::vector<float> y(static_cast<std::size_t>(rows * outputs));
  ThreadPool pool(static_cast<int>(state.range(3)));
  std::size_t n = 0;
  for (auto _ : state) {
    copies[n++ % copies.size()].multiply(x.data(), rows, y.data(), pool);
    benchmark::DoNotOptimize(y.data());
  }
  const auto rate = [&](std::int64_t amount) {
    return benchmark::Counter(static_cast<double>(amount),
                              benchmark::Counter::kIsIterationInvariantRate);
  };
  state.counters["weights"] = rate(std::ssize(data));  // bytes a second
  state.counters["operations"] = rate(2 * rows * outputs * inputs);
}

void shapes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"outputs", "inputs", "rows", "threads"})
      ->ArgsProduct({{4864}, {896}, {1, 8, 16, 128}, {1, 2}})
      ->ArgsProduct({{896}, {4864}, {1, 8, 16, 128}, {1, 2}})
      ->ArgsProduct({{151936}, {896}, {1, 8}, {1, 2}})
      ->Unit(benchmark::kMicrosecond)
      ->UseRealTime();
}
/// 896 inputs are no whole blocks of 256.
void shapes_of_256(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"outputs", "inputs", "rows", "threads"})
      ->ArgsProduct({{896}, {4864}, {1, 8, 16, 128}, {1, 2}})
      ->ArgsProduct({{151936}, {1024}, {1, 8}, {1, 2}})
      ->Unit(benchmark::kMicrosecond)
      ->UseRealTime();
}

BENCHMARK_CAPTURE(quantised_product, q5_0, BlockFormat::q5_0)->Apply(shapes);
BENCHMARK_CAPTURE(quantised_product, q8_0, BlockFormat::q8_0)->Apply(shapes);
BENCHMARK_CAPTURE(quantised_product, q4_k, BlockFormat::q4_k)->Apply(shapes_of_256);
BENCHMARK_CAPTURE(quantised_product, q6_k, BlockFormat::q6_k)->Apply(shapes_of_256);
BENCHMARK_CAPTURE(quantised_product, f16, BlockFormat::f16)
    ->Args({4864, 896, 1, 2})
    ->Args({4864, 896, 128, 2})
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

}  // namespace
}  // namespace inpaint::benchmarks
