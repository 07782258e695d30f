#include "lsp/command/descriptor_buffer.h"

#include <cerrno>
#include <cstddef>

#include <poll.h>
#include <unistd.h>

namespace inpaint::lsp {
namespace {

constexpr std::size_t kBufferBytes = 1 << 16;

}  // namespace

DescriptorBuffer::DescriptorBuffer(int descriptor)
    : descriptor_(descriptor), waiting_(kBufferBytes) {
  setp(waiting_.data(), waiting_.data() + waiting_.size());
}

DescriptorBuffer::~DescriptorBuffer() { DescriptorBuffer::sync(); }

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type next) {
  if (DescriptorBuffer::sync() != 0) return traits_type::eof();
  if (traits_type::eq_int_type(next, traits_type::eof())) return traits_type::not_eof(next);
  *pptr() = traits_type::to_char_type(next);
  pbump(1);
  return next;
}

int DescriptorBuffer::sync() {
  const char* from = pbase();
  while (from != pptr()) {
    const ssize_t n = ::write(descriptor_, from, static_cast<std::size_t>(pptr() - from));
    if (n > 0) {
      from += n;
    } else if (errno == EAGAIN) {  // whoever started us reads without waiting, and shares the flag
      pollfd ready{descriptor_, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      break;
    }
  }
  const bool written = from == pptr();
  setp(waiting_.data(), waiting_.data() + waiting_.size());  // what could not be written is lost
  return written ? 0 : -1;
}

}  // namespace inpaint::lsp
