// What a forward costs by its rows, learned from how long forwards take.
//
// A forward reads all weights once and then computes for each row: the second row is nearly free,
// the tenth costs a good part of a forward, and where it bends depends on the machine and on what
// else it does. So the cost is a curve through a few knots, each fitted while running, the latest
// forwards counting most. Until some have been seen it is what two cores of a server took.
//
// Units: forwards of one row.   Thread rule: one thread.
#pragma once

#include <array>
#include <cstddef>

namespace inpaint::engine {

class ForwardCost {
 public:
  ForwardCost() = default;
  /// A straight line, known and not learned: for tests, whose forwards take no time.
  static ForwardCost fixed(double row);

  /// Grows with the rows.
  double of(int rows) const;

  void learn(int rows, double seconds);
  /// Whether what is learned may change it.
  bool learns() const { return learns_; }

 private:
  static constexpr std::array<int, 10> kKnots{1, 2, 3, 4, 6, 8, 12, 16, 24, 32};
  /// Between which knots a number of rows lies, and how far from the first: 0 ... 1, beyond the
  /// last knot more.
  struct Place {
    std::size_t knot;
    double beyond;
  };
  static Place place_of(int rows);

  bool learns_ = true;
  double unit_ = 0.0;  // seconds of a forward of one row; 0: none was seen
  std::array<double, kKnots.size()> cost_{1.0, 1.1, 1.22, 1.4, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0};
};

}  // namespace inpaint::engine
