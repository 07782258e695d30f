#include "lsp/command/descriptor_buffer.h"

#include <array>
#include <csignal>
#include <ostream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

class DescriptorBufferTest : public testing::Test {
 protected:
  DescriptorBufferTest() { EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0); }
  ~DescriptorBufferTest() override {
    for (const int end : ends_)
      if (end >= 0) ::close(end);
  }
  /// All that is written until the writer is closed.
  std::string read_all() const {
    std::string text;
    std::array<char, 4096> bytes;
    for (ssize_t n = 0; (n = ::read(ends_[0], bytes.data(), bytes.size())) > 0;)
      text.append(bytes.data(), static_cast<std::size_t>(n));
    return text;
  }
  void close_writer() {
    ::close(ends_[1]);
    ends_[1] = -1;
  }

  std::array<int, 2> ends_{-1, -1};
};

TEST_F(DescriptorBufferTest, WritesWhatItIsGivenAtTheEndOrWhenFlushed) {
  {
    DescriptorBuffer buffer(ends_[1]);
    std::ostream out(&buffer);
    out << "a" << 7 << std::flush << "b";
    EXPECT_TRUE(out.good());
  }
  close_writer();
  EXPECT_EQ(read_all(), "a7b");
}

TEST_F(DescriptorBufferTest, ALongTextPassesAPipeThatIsFullAndDoesNotWait) {
  ASSERT_EQ(::fcntl(ends_[1], F_SETFL, O_NONBLOCK), 0);
  const std::string text(1 << 20, 'x');
  std::string got;
  std::thread reader([&] { got = read_all(); });
  {
    DescriptorBuffer buffer(ends_[1]);
    std::ostream out(&buffer);
    out << text << std::flush;
    EXPECT_TRUE(out.good());
  }
  close_writer();
  reader.join();
  EXPECT_EQ(got, text);
}

TEST_F(DescriptorBufferTest, WhatCannotBeWrittenSetsBadbit) {
  DescriptorBuffer closed(-1);
  std::ostream out(&closed);
  out << "a" << std::flush;
  EXPECT_TRUE(out.bad());
  if (::access("/dev/full", W_OK) != 0) return;
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  {
    DescriptorBuffer buffer(full);
    std::ostream to_full(&buffer);
    to_full << std::string(1 << 20, 'x');  // more than is kept
    EXPECT_TRUE(to_full.bad());
  }
  ::close(full);
}

}  // namespace
}  // namespace inpaint::lsp
