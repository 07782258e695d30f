// Turns ctrl-C into a stop token, so that the program can leave in good order.
//
// The signals are blocked in the thread that makes the object, and in all that it starts later, and
// are taken by a thread of the object alone: no handler runs in the middle of anything, and nothing
// global is needed. Make it before any other thread. Nothing looks at the token while a model is
// loaded, so until begin_work() the first ctrl-C ends the process; after it the first asks and the
// second ends.
//
// Errors: none; where no thread can be started ctrl-C ends the process, as it does by itself.
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace inpaint::lsp {

class Interrupt {
 public:
  /// `screen` is the descriptor on which a cursor may be hidden.
  explicit Interrupt(int screen);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  /// Any thread.
  void begin_work() { working_ = true; }

 private:
  void wait();

  int screen_;
  sigset_t signals_{};
  std::stop_source source_;
  std::atomic<bool> working_ = false;
  std::atomic<bool> leaving_ = false;
  std::thread thread_;  // none where it cannot be started
};

}  // namespace inpaint::lsp
