// A thread for slow work, whose results come back on the session's strand.
//
// One piece of work at a time, in the order given. Its door is a barrier: work that throws is a
// Result with an error, and the thread goes on. Whatever the way of a result needs is allocated
// before the work begins, where whoever asks can still be told that there is no memory.
//
// Thread rule: made, called and destroyed on the session strand, where results are called as well.
// Errors: of the work; `internal` where it throws.
#pragma once

#include <functional>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "engine/base/guarded.h"

namespace inpaint::lsp {

class BackgroundThread {
 public:
  explicit BackgroundThread(boost::asio::any_io_executor session) : session_(std::move(session)) {}
  /// Waits for all that was given. Results that have not been called by then never are.
  ~BackgroundThread() { join(); }
  BackgroundThread(const BackgroundThread&) = delete;
  BackgroundThread& operator=(const BackgroundThread&) = delete;

  /// `work`, named `what` where it throws, runs on the thread; `done` gets its result.
  template <class T>
  void run(std::string what, std::function<engine::Result<T>()> work,
           std::function<void(engine::Result<T>)> done) {
    auto task = std::make_shared<Task<T>>(std::move(what), std::move(work), std::move(done));
    boost::asio::post(thread_, [session = session_, alive = alive_, task = std::move(task)] {
      task->result = engine::guarded(task->what, task->work);
      task->work = nullptr;  // what it holds is let go of here
      post_for_certain(session, [alive, task] {
        if (*alive) task->done(std::move(task->result));
      });
    });
  }
  /// Drops what has not begun, waits for what has.
  void stop() {
    thread_.stop();
    join();
  }

 private:
  template <class T>
  struct Task {
    std::string what;
    std::function<engine::Result<T>()> work;
    std::function<void(engine::Result<T>)> done;
    engine::Result<T> result;
  };

  /// A result that could not be posted would leave its asker waiting for ever. Only a few bytes can
  /// be missing for it, and they come back as the rest of the process goes on.
  template <class Callback>
  static void post_for_certain(const boost::asio::any_io_executor& session, Callback callback) {
    while (true) {
      try {
        return boost::asio::post(session, callback);  // copied: a try that fails must not eat it
      } catch (const std::bad_alloc&) {
        std::this_thread::yield();
      }
    }
  }
  void join() {
    *alive_ = false;
    thread_.join();
  }

  boost::asio::any_io_executor session_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // session strand only
  boost::asio::thread_pool thread_{1};
};

}  // namespace inpaint::lsp
