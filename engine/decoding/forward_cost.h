// What a row more costs in a forward, learned from how long forwards take.
//
// A forward reads all weights once and then computes for each row: its time is nearly a line over the
// rows, and of that line only the slope matters here, in forwards of one row. Machines differ in it by
// a factor of five, and a compiler that runs beside changes it, so it is fitted while running, the
// latest forwards counting most. Until some have been seen it is what two cores of a server took.
//
// Units: forwards of one row.   Thread rule: one thread.
#pragma once

namespace inpaint::engine {

class ForwardCost {
 public:
  ForwardCost() = default;
  /// Known, and not learned: for tests, whose forwards take no time.
  static ForwardCost fixed(double row);

  /// Of each row behind the first one.
  double row() const { return row_; }
  double of(int rows) const { return 1.0 + row_ * (rows - 1); }

  void learn(int rows, double seconds);

 private:
  static constexpr double kExpected = 0.08;
  bool learns_ = true;
  double row_ = kExpected;
  // Sums over forwards, of rows r and seconds t.
  double n_ = 0.0, r_ = 0.0, t_ = 0.0, rr_ = 0.0, rt_ = 0.0;
};

}  // namespace inpaint::engine
