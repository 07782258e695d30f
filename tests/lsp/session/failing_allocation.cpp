#include "tests/lsp/session/failing_allocation.h"

#include <new>

namespace inpaint::lsp::test {
namespace {

struct Wanted {
  std::size_t left = 0;
  std::size_t bytes = 0;
};
// The allocator has no object of ours to ask.
thread_local Wanted wanted;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

FailingAllocation::FailingAllocation(std::size_t n, std::size_t bytes) { wanted = {n, bytes}; }
FailingAllocation::~FailingAllocation() { wanted = {}; }
std::size_t FailingAllocation::left() { return wanted.left; }

void fail_if_wanted(std::size_t bytes) {
  constexpr std::size_t kJsonValue = 16;
  if (bytes % kJsonValue == 0) return;
  if (wanted.left > 0 && bytes >= wanted.bytes && --wanted.left == 0) throw std::bad_alloc();
}

}  // namespace inpaint::lsp::test
