// Which kind of product and how many threads a forward of so many rows uses on this processor.
//
// Wide forwards, which encode context: no rule of thumb holds. bf16 is five times faster than f32 at
// 256 rows where the processor has tile units, and two times slower where it lacks AVX512_BF16
// altogether. So it is measured once, in less than 200 ms, on a matrix of the model's own size, and
// kept in the user's cache folder under the processor's name.
//
// Narrow forwards, which write: always f32 rows by packed weights. A library's bf16 rounds a row
// differently in a product of one row and in one of nine, which is enough to turn a close choice, and
// then lossless decoding would not write what autoregression writes.
//
// Threads: narrow forwards run on one, wide ones on the physical cores less one, so that the editor
// and the compiler beside us stay quick.
// Errors: none; a cache that cannot be read or written is measured anew.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "engine/model/matrix.h"
#include "engine/weights/model_config.h"

namespace inpaint::engine {

class NumberTypes {
 public:
  static constexpr int kNarrowRows = 32;
  /// Row counts that are measured; a wide forward uses the next one that is not smaller.
  static constexpr std::array<int, 3> kRows{64, 128, 512};

  /// Reads `cache_folder`/number_types.json or measures. An empty folder: always measures.
  static NumberTypes choose(const ModelConfig& config, int threads,
                            const std::filesystem::path& cache_folder);

  /// One kind for every row count: what tests of exactness want.
  static NumberTypes fixed(Product product, int threads);

  Product product(int rows) const;
  int threads(int rows) const { return rows <= kNarrowRows ? 1 : threads_; }
  bool uses(Product product) const;

  /// For people: "packed to 32 rows, bf16 at 64 (3.1x), …".
  std::string describe() const;

 private:
  Product narrow_ = Product::packed;
  std::array<Product, kRows.size()> wide_{};
  std::array<double, kRows.size()>
      speedup_{};  // of the chosen type over the other; 0: not measured
  int threads_ = 1;
};

/// Physical cores less one, at least one.
int default_threads();

}  // namespace inpaint::engine
