#include "engine/decoding/forward_cost.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

constexpr double kOutlier = 2.0;  // times what was expected: somebody else had the processor
// How much of a difference is believed at once: of a forward of one row, which says how fast the
// machine is now; of wider ones for the same; and for the curve.
constexpr double kUnitByOne = 0.2, kUnitByOthers = 0.02, kCurve = 0.1;

}  // namespace

ForwardCost ForwardCost::fixed(double row) {
  ForwardCost cost;
  cost.learns_ = false;
  for (std::size_t i = 0; i < kKnots.size(); ++i) cost.cost_[i] = 1.0 + row * (kKnots[i] - 1);
  return cost;
}

ForwardCost::Place ForwardCost::place_of(int rows) {
  const auto above = std::ranges::upper_bound(kKnots, std::max(rows, 1));
  const auto n = static_cast<std::size_t>(above - kKnots.begin());
  const std::size_t knot = std::min(n - 1, kKnots.size() - 2);
  return {knot, static_cast<double>(std::max(rows, 1) - kKnots[knot]) /
                    static_cast<double>(kKnots[knot + 1] - kKnots[knot])};
}

double ForwardCost::of(int rows) const {
  const auto [knot, beyond] = place_of(rows);
  return cost_[knot] + beyond * (cost_[knot + 1] - cost_[knot]);
}

void ForwardCost::learn(int rows, double seconds) {
  if (!learns_ || rows < 1 || rows > kKnots.back() || !(seconds > 0.0)) return;
  if (unit_ == 0.0) unit_ = seconds / of(rows);
  const double measured = std::min(seconds / unit_, kOutlier * of(rows));
  unit_ *= 1.0 + (rows == 1 ? kUnitByOne : kUnitByOthers) * (measured / of(rows) - 1.0);
  const auto [knot, beyond] = place_of(rows);
  const double wrong = measured - of(rows);
  if (knot > 0) cost_[knot] += kCurve * (1.0 - beyond) * wrong;
  cost_[knot + 1] += kCurve * beyond * wrong;
  // One row is the unit, and no row makes a forward shorter.
  for (std::size_t i = knot + 1; i < cost_.size(); ++i) cost_[i] = std::max(cost_[i], cost_[i - 1]);
  for (std::size_t i = knot + 1; i-- > 1;) cost_[i] = std::clamp(cost_[i], 1.0, cost_[i + 1]);
}

}  // namespace inpaint::engine
