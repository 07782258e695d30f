// How the rows of `inpaint bench` are sampled: which are wanted, how often, and when it is enough.
//
// Thread rule: one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/elapsed.h"
#include "lsp/bench/bench_rows.h"

namespace inpaint::lsp {

class BenchSampler {
 public:
  using Clock = std::chrono::steady_clock;

  /// Both outlive the object.
  BenchSampler(const BenchSubject& subject, const BenchAmount& amount)
      : subject_(subject), amount_(amount) {}

  const BenchSubject& subject() const { return subject_; }

  bool wanted(const std::string& what) const;
  /// Says on the screen what is measured now.
  void tell(const std::string& what) const;
  /// A new row, told; null where the filter does not let it pass. The pointer stays good.
  Series* row(std::string what, std::string unit, std::optional<double> budget);
  /// A row that was measured elsewhere, if it is wanted.
  void add(Series series);

  /// Calls `sample` with 0, 1, ... until it answers false, there is enough, or the time is over.
  template <class Sample>
  void repeat(Sample&& sample) const {
    const Clock::time_point start = Clock::now();
    repeat_all([&](std::size_t i) {
      return sample(i) && engine::milliseconds_since(start) <= amount_.seconds * 1000.0;
    });
  }
  /// However long it takes: for what shows only after many.
  template <class Sample>
  void repeat_all(Sample&& sample) const {
    for (std::size_t i = 0; i < amount_.samples && !subject_.stop.stop_requested(); ++i)
      if (!sample(i)) return;
  }

  /// The path comes first in a context: with a new one nothing of an older context fits.
  std::string new_path();

  std::vector<Series> take() { return {rows_.begin(), rows_.end()}; }

 private:
  const BenchSubject& subject_;
  const BenchAmount& amount_;
  std::deque<Series> rows_;
  int paths_ = 0;
};

/// Notes what went wrong; a stop is no fault of the row. True where nothing did.
template <class T>
bool keep(Series& series, const engine::Result<T>& result) {
  if (result) return true;
  if (result.error().code != engine::ErrorCode::cancelled)
    series.note = engine::to_string(result.error());
  return false;
}

}  // namespace inpaint::lsp
