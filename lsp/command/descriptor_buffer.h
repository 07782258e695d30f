// A stream buffer on a file descriptor, which the standard library has for names of files only.
//
// Thread rule: one thread, as any stream buffer.
// Errors: what cannot be written is lost and sets badbit of the stream.
#pragma once

#include <streambuf>
#include <vector>

namespace inpaint::lsp {

class DescriptorBuffer final : public std::streambuf {
 public:
  /// The descriptor stays its owner's.
  explicit DescriptorBuffer(int descriptor);
  ~DescriptorBuffer() override;
  DescriptorBuffer(const DescriptorBuffer&) = delete;
  DescriptorBuffer& operator=(const DescriptorBuffer&) = delete;

 private:
  int_type overflow(int_type next) override;
  int sync() override;

  int descriptor_;
  std::vector<char> waiting_;
};

}  // namespace inpaint::lsp
