// Memory that runs out when a test wants it to.
//
// Lists of JSON values never fail: the library's destructors take one to end nested values without
// recursion, and end the process where they get none. They are told by their size.
//
// Not for sanitizers, which bring an allocator of their own (tests/lsp/worker/copies_of.cpp has
// ours).
#pragma once

#include <cstddef>

namespace inpaint::lsp::test {

/// While it lives, one allocation of this thread fails: the n-th that has at least so many bytes.
/// One at a time in a thread.
class FailingAllocation {
 public:
  explicit FailingAllocation(std::size_t n, std::size_t bytes = 0);
  ~FailingAllocation();
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;

  /// How many of the n are still to come; 0: it has failed.
  static std::size_t left();
};

/// For the allocator: throws std::bad_alloc where this one is to fail.
void fail_if_wanted(std::size_t bytes);

}  // namespace inpaint::lsp::test
