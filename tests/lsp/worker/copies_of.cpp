#include "tests/lsp/worker/copies_of.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

#include "tests/lsp/session/failing_allocation.h"

namespace inpaint::lsp::test {
namespace {

constexpr std::size_t kTold = 64;         // bytes by which a text is told
constexpr std::size_t kMostBlocks = 256;  // that live at a time

/// Large blocks while somebody counts. It takes no memory itself, since it is asked for each block.
class LargeBlocks {
 public:
  void begin(std::string_view text) {
    const std::lock_guard lock(mutex_);
    text.copy(told_.data(), kTold);
    blocks_.fill(nullptr);
    n_gone_ = 0;
    least_ = text.size();
  }
  void end() { least_ = SIZE_MAX; }

  void taken(void* block, std::size_t size) {
    if (size < least_) return;
    const std::lock_guard lock(mutex_);
    const auto place = std::ranges::find(blocks_, nullptr);
    assert(place != blocks_.end());
    *place = block;
  }
  void given_back(void* block) {
    if (least_ == SIZE_MAX || block == nullptr) return;
    const std::lock_guard lock(mutex_);
    const auto place = std::ranges::find(blocks_, block);
    if (place == blocks_.end()) return;
    n_gone_ += holds_text(block) ? 1 : 0;
    *place = nullptr;
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    std::size_t n = n_gone_;
    for (const void* block : blocks_) n += block != nullptr && holds_text(block) ? 1 : 0;
    return n;
  }

 private:
  bool holds_text(const void* block) const { return std::memcmp(block, told_.data(), kTold) == 0; }

  std::atomic<std::size_t> least_ = SIZE_MAX;  // that is large; SIZE_MAX: nobody counts
  std::mutex mutex_;                           // blocks come from all threads
  std::array<char, kTold> told_{};
  std::array<void*, kMostBlocks> blocks_{};
  std::size_t n_gone_ = 0;
};

// The allocator has no object of ours to ask.
LargeBlocks large_blocks;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

CopiesOf::CopiesOf(std::string_view text) {
  assert(text.size() >= 4096);
  large_blocks.begin(text);
}
CopiesOf::~CopiesOf() { large_blocks.end(); }
std::size_t CopiesOf::count() const { return large_blocks.count(); }

}  // namespace inpaint::lsp::test

void* operator new(std::size_t size) {
  inpaint::lsp::test::fail_if_wanted(size);
  void* block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  inpaint::lsp::test::large_blocks.taken(block, size);
  return block;
}
void operator delete(void* block) noexcept {
  inpaint::lsp::test::large_blocks.given_back(block);
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept { operator delete(block); }
