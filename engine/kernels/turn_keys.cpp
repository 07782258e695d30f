#include "engine/kernels/turn_keys.h"

#include "engine/kernels/tile.h"

namespace inpaint::engine::kernels {

void turn_keys(float* keys, std::int64_t width, std::span<const std::int64_t> rows,
               const float* cos, const float* sin) {
  const std::int64_t half = width / 2;
  for (const std::int64_t row : rows) {
    float* first = keys + row / kLanes * width * kLanes + row % kLanes;
    float* second = first + half * kLanes;
    for (std::int64_t i = 0; i < half; ++i) {
      const float a = first[i * kLanes];
      const float b = second[i * kLanes];
      first[i * kLanes] = a * cos[i] - b * sin[i];
      second[i * kLanes] = b * cos[i] + a * sin[i];
    }
  }
}

}  // namespace inpaint::engine::kernels
