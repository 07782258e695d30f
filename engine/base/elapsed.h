// How long something took, as logs and benchmarks tell it.
#pragma once

#include <chrono>

namespace inpaint::engine {

/// By the clock that never goes back.
inline double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}
inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return milliseconds_since(start) / 1000.0;
}

}  // namespace inpaint::engine
