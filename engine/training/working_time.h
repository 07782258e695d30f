// The time that a run has worked: without that in which it was stopped (ctrl-Z, SIGSTOP, a frozen machine).
//
// So a training can be paused by the means of the system, and goes on with the schedule where it was. A stop is
// known by its marks: much time has gone by, and next to none of it on the processor. To be asked at every
// step; what lies between two questions is counted or left out as one.
//
// Units:  seconds.   Thread rule: one thread.
#pragma once

#include <chrono>
#include <ctime>

namespace inpaint::engine {

/// Of `wall` seconds in which the process had the processor for `busy` seconds.
inline double worked(double wall, double busy) {
  constexpr double kLeastStop = 5.0;      // shorter ones are not worth telling from a busy machine
  constexpr double kStarvedShare = 0.01;  // a run that is hardly ever served still gets more
  return wall >= kLeastStop && busy < kStarvedShare * wall ? busy : wall;
}

class WorkingTime {
 public:
  double seconds() {
    const auto wall = std::chrono::steady_clock::now();
    const double busy = processor_seconds();
    total_ += worked(std::chrono::duration<double>(wall - wall_).count(), busy - busy_);
    wall_ = wall;
    busy_ = busy;
    return total_;
  }

 private:
  static double processor_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }

  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
  double busy_ = processor_seconds();
  double total_ = 0.0;
};

}  // namespace inpaint::engine
