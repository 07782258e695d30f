// Threads for one forward: work is split, each part is done by one thread, and all are waited for.
//
// Weights that do not fit the cache are bound by memory, and one core does not reach what the bus
// gives. Between two products lie microseconds, so a thread that has nothing to do spins for a while
// before it sleeps: waking one costs more than a product of one row. Spinning for ever would take the
// processor from a compiler that runs beside.
//
// Thread rule: one caller at a time; it does a part of the work itself.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace inpaint::engine::kernels {

class ThreadPool {
 public:
  /// `threads`, the caller's included; at least one. Where the system gives fewer, these.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const;

  /// Calls work(begin, end) for parts of [0, n) whose borders are multiples of `grain`, on all
  /// threads, and returns when all are done. `work` throws nothing.
  void run(std::int64_t n, std::int64_t grain,
           const std::function<void(std::int64_t begin, std::int64_t end)>& work);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace inpaint::engine::kernels
