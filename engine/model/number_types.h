// Which number type and how many threads a forward of so many rows uses on this processor.
//
// No rule of thumb holds: bf16 is five times faster than f32 at 256 rows where the processor has
// tile units, and two times slower where it lacks AVX512_BF16 altogether; at one row f32 may win on
// both. So it is measured once, in about 200 ms, on a matrix of the model's own size, and kept in the
// user's cache folder under the processor's name.
//
// Threads: forwards of up to kNarrowRows rows run on one, wider ones on the physical cores less one,
// so that the editor and the compiler beside us stay quick.
// Errors: none; a cache that cannot be read or written is measured anew.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <filesystem>
#include <string>

#include "engine/weights/model_config.h"

namespace inpaint::engine {

class NumberTypes {
 public:
  static constexpr int kNarrowRows = 32;
  /// Row counts that are measured; a forward uses the entry for the next count that is not smaller.
  static constexpr std::array<int, 5> kRows{1, 8, 32, 128, 512};

  /// Reads `cache_folder`/number_types.json or measures. An empty folder: always measures.
  static NumberTypes choose(const ModelConfig& config, int threads,
                            const std::filesystem::path& cache_folder);

  /// One type for every row count: what tests of exactness want.
  static NumberTypes fixed(at::ScalarType type, int threads);

  at::ScalarType type(int rows) const;
  int threads(int rows) const { return rows <= kNarrowRows ? 1 : threads_; }
  bool uses(at::ScalarType type) const;

  /// For people: "f32 up to 8 rows, bf16 from 32 (4.1x)".
  std::string describe() const;

 private:
  std::array<at::ScalarType, kRows.size()> types_{};
  std::array<double, kRows.size()>
      speedup_{};  // of the chosen type over the other; 0: not measured
  int threads_ = 1;
};

/// Physical cores less one, at least one.
int default_threads();

/// "Intel(R) Xeon(R) Processor", as the system calls it.
std::string processor_name();

}  // namespace inpaint::engine
