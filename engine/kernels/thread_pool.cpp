// A run publishes how many parts are left; whoever lowers that number has taken a part. So a thread
// that is late, because the system gave its core to somebody else, holds nobody up: the others take
// its parts, and it finds none. What describes the work is read only by who has taken a part of it,
// and a run ends only when all parts that were taken are done.

#include "engine/kernels/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <vector>

#include <pthread.h>

namespace inpaint::engine::kernels {
namespace {

using Clock = std::chrono::steady_clock;

/// Between two products of one forward lie some microseconds of norms and sums; waking a thread takes
/// about as long as this.
constexpr std::chrono::microseconds kSpin{50};
constexpr int kPausesPerLook = 16;  // at the clock, which costs as much as a pause

/// More parts than threads, since cores are not equally fast: others compute on them as well.
constexpr std::int64_t kPartsPerThread = 8;

/// Waits for `done` for kSpin at most; whether it came.
template <class Done>
bool spin_until(const Done& done) {
  const Clock::time_point end = Clock::now() + kSpin;
  do {
    for (int i = 0; i < kPausesPerLook; ++i) {
      if (done()) return true;
      __builtin_ia32_pause();
    }
  } while (Clock::now() < end);
  return done();
}

}  // namespace

struct ThreadPool::Shared {
  // The three are written by different threads: each has a line of the cache to itself.
  alignas(64) std::atomic<std::int32_t> untaken{0};     // parts
  alignas(64) std::atomic<std::int32_t> unfinished{0};  // parts; the caller sleeps on it
  alignas(64) std::atomic<std::uint32_t> round{0};      // of runs; the others sleep on it
  std::atomic<bool> ends{false};

  // Of the run: written while there are no parts.
  alignas(64) const std::function<void(std::int64_t, std::int64_t)>* work = nullptr;
  std::int64_t n = 0, grain = 1;
  std::int64_t n_parts = 0;

  std::vector<pthread_t> threads;

  /// Takes a part and does it; false where all are taken.
  bool do_part() {
    std::int32_t left = untaken.load(std::memory_order_relaxed);
    do {
      if (left == 0) return false;
    } while (!untaken.compare_exchange_weak(left, left - 1, std::memory_order_acquire,
                                            std::memory_order_relaxed));
    const std::int64_t part = n_parts - left;
    const std::int64_t n_grains = (n + grain - 1) / grain;
    const std::int64_t begin = part * n_grains / n_parts * grain;
    const std::int64_t end = std::min(n, (part + 1) * n_grains / n_parts * grain);
    (*work)(begin, end);
    if (unfinished.fetch_sub(1, std::memory_order_acq_rel) == 1) unfinished.notify_one();
    return true;
  }

  void serve() {
    while (true) {
      // Before parts are looked for: a run that begins after that look changes the number.
      const std::uint32_t seen = round.load(std::memory_order_acquire);
      while (do_part()) {
      }
      if (ends.load(std::memory_order_acquire)) return;
      const auto changed = [&] { return round.load(std::memory_order_acquire) != seen; };
      if (!spin_until(changed)) round.wait(seen, std::memory_order_acquire);
    }
  }

  void next_round() {
    round.fetch_add(1);
    round.notify_all();  // asks the system only where somebody sleeps
  }
};

ThreadPool::ThreadPool(int threads) : shared_(std::make_unique<Shared>()) {
  shared_->threads.reserve(static_cast<std::size_t>(std::max(threads, 1)));
  const auto serve = [](void* shared) -> void* {
    static_cast<Shared*>(shared)->serve();
    return nullptr;
  };
  for (int i = 1; i < threads; ++i) {
    pthread_t thread;
    // Not std::thread, which throws where the system has no more of them.
    if (pthread_create(&thread, nullptr, serve, shared_.get()) != 0) break;
    shared_->threads.push_back(thread);
  }
}

ThreadPool::~ThreadPool() {
  shared_->ends.store(true, std::memory_order_release);
  shared_->next_round();
  for (const pthread_t thread : shared_->threads) pthread_join(thread, nullptr);
}

int ThreadPool::size() const { return static_cast<int>(shared_->threads.size()) + 1; }

void ThreadPool::run(std::int64_t n, std::int64_t grain,
                     const std::function<void(std::int64_t begin, std::int64_t end)>& work) {
  if (n <= 0) return;
  Shared& shared = *shared_;
  grain = std::max<std::int64_t>(grain, 1);
  const std::int64_t n_parts = std::min((n + grain - 1) / grain, kPartsPerThread * size());
  if (size() == 1 || n_parts == 1) return work(0, n);

  shared.work = &work;
  shared.n = n;
  shared.grain = grain;
  shared.n_parts = n_parts;
  shared.unfinished.store(static_cast<std::int32_t>(n_parts), std::memory_order_relaxed);
  shared.untaken.store(static_cast<std::int32_t>(n_parts), std::memory_order_release);
  shared.next_round();
  while (shared.do_part()) {
  }
  const auto done = [&] { return shared.unfinished.load(std::memory_order_acquire) == 0; };
  if (spin_until(done)) return;
  while (!done()) {
    const std::int32_t left = shared.unfinished.load(std::memory_order_acquire);
    if (left != 0) shared.unfinished.wait(left, std::memory_order_acquire);
  }
}

}  // namespace inpaint::engine::kernels
