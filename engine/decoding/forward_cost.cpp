#include "engine/decoding/forward_cost.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

constexpr double kLeast = 0.005,
                 kMost = 1.0;     // of a row: one that costs a forward is never worth it
constexpr double kKept = 0.98;    // what a forward counts after the next one
constexpr double kOutlier = 2.0;  // times what was expected: somebody else had the processor

}  // namespace

ForwardCost ForwardCost::fixed(double row) {
  ForwardCost cost;
  cost.learns_ = false;
  cost.row_ = row;
  return cost;
}

void ForwardCost::learn(int rows, double seconds) {
  if (!learns_ || rows < 1 || !(seconds > 0.0)) return;
  const auto add = [this](double r, double t, double weight) {
    n_ += weight;
    r_ += weight * r;
    t_ += weight * t;
    rr_ += weight * r * r;
    rt_ += weight * r * t;
  };
  if (n_ == 0.0) {  // the line that is expected, through the first forward
    const double one = seconds / of(rows);
    for (const int at : {1, 16}) add(at, one * of(at), 2.0);
  }
  const double spread = n_ * rr_ - r_ * r_;
  const auto slope = [&] { return (n_ * rt_ - r_ * t_) / (n_ * rr_ - r_ * r_); };
  if (spread > 0.0) {
    const double line = t_ / n_ + slope() * (rows - r_ / n_);
    if (line > 0.0) seconds = std::min(seconds, kOutlier * line);
  }
  for (double* sum : {&n_, &r_, &t_, &rr_, &rt_}) *sum *= kKept;
  add(rows, seconds, 1.0);
  if (!(n_ * rr_ - r_ * r_ > 1e-6 * n_ * rr_)) return;  // all of one width: no line is known
  const double one = t_ / n_ + slope() * (1.0 - r_ / n_);
  if (one > 0.0) row_ = std::clamp(slope() / one, kLeast, kMost);
}

}  // namespace inpaint::engine
