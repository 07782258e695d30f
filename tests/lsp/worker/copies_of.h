// How often a text is copied: every block of memory that has held it.
//
// Not for sanitizers, which bring an allocator of their own.
#pragma once

#include <cstddef>
#include <string_view>

namespace inpaint::lsp::test {

/// Counts from its making on, in all threads. One at a time.
class CopiesOf {
 public:
  /// `text`, 4 kB at least, need not live on: a copy is told by its size and its first bytes.
  explicit CopiesOf(std::string_view text);
  ~CopiesOf();
  CopiesOf(const CopiesOf&) = delete;
  CopiesOf& operator=(const CopiesOf&) = delete;

  /// Blocks that were taken since and hold the text, or held it when they were given back.
  std::size_t count() const;
};

}  // namespace inpaint::lsp::test
