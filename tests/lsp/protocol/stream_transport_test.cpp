// The transport between two pipes, with the loop run by the test.
#include "lsp/protocol/stream_transport.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace inpaint::lsp {
namespace {

class StreamTransportTest : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    ASSERT_EQ(::pipe2(in.data(), O_CLOEXEC), 0);
    ASSERT_EQ(::pipe2(out.data(), O_CLOEXEC), 0);
    server_in_ = in[0];
    client_out_ = in[1];
    client_in_ = out[0];
    server_out_ = out[1];
    ::fcntl(client_in_, F_SETFL, O_NONBLOCK);
  }
  void TearDown() override {
    for (int& descriptor : {std::ref(server_in_), std::ref(server_out_), std::ref(client_in_),
                            std::ref(client_out_)}) {
      close(descriptor);
    }
  }
  static void close(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
  }

  void start(StreamLimits limits = {}) {
    transport_.emplace(loop_, server_in_, server_out_, limits);
    transport_->start({
        .message =
            [this](const Message& message) {
              got_.push_back(message.method);
              if (message.method == "throw") throw std::bad_alloc();
            },
        .unreadable = [this](const Unreadable& lost) { got_.push_back("! " + lost.error.message); },
        .closed =
            [this](const std::optional<engine::Error>& error) {
              got_.push_back(error ? "closed: " + error->why : "closed");
            },
    });
  }
  void client_writes(const std::string& bytes) const {
    ASSERT_EQ(::write(client_out_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  /// Runs what is ready until `n` things have come in.
  void run_until(std::size_t n) {
    while (got_.size() < n) loop_.run_one();
  }
  /// Reads what is there, and lets the loop write more.
  std::string client_reads(std::size_t n) {
    std::string bytes;
    std::array<char, 4096> piece;
    while (bytes.size() < n) {
      const ssize_t got = ::read(client_in_, piece.data(), piece.size());
      if (got > 0) bytes.append(piece.data(), static_cast<std::size_t>(got));
      else if (got == 0 || errno != EAGAIN) break;
      else loop_.run_one();
    }
    return bytes;
  }

  int server_in_ = -1;
  int server_out_ = -1;
  int client_in_ = -1;
  int client_out_ = -1;
  boost::asio::io_context loop_{1};
  std::vector<std::string> got_;
  std::optional<StreamTransport> transport_;
};

std::string frame_of(const std::string& method) {
  return to_frame(to_text(to_notification(method, nullptr)));
}

TEST_F(StreamTransportTest, HandsOnMessagesInTheirOrderAndTheEnd) {
  start();
  client_writes(frame_of("a") + frame_of("b").substr(0, 9));
  run_until(1);
  client_writes(frame_of("b").substr(9) + to_frame("{") + frame_of("c"));
  run_until(4);
  close(client_out_);
  run_until(5);
  EXPECT_EQ(got_, (std::vector<std::string>{"a", "b", "! the message is no JSON", "c", "closed"}));
}

TEST_F(StreamTransportTest, FramesNeverMixHoweverLargeTheyAre) {
  start();
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::string expected;
  for (int i = 0; i < 50; ++i) {
    const Json message = to_notification("m", std::string(random() % 50'000, 'a' + i % 26));
    expected += to_frame(to_text(message));
    transport_->send(message);
  }
  EXPECT_EQ(client_reads(expected.size()), expected);
}

TEST_F(StreamTransportTest, AClientThatReadsNothingLosesTheConnection) {
  start({.frame = {}, .queued = 300'000});
  for (int i = 0; i < 10; ++i) transport_->send(to_notification("m", std::string(50'000, 'x')));
  EXPECT_TRUE(got_.empty()) << "not from within send()";
  run_until(1);
  EXPECT_NE(got_[0].find("bytes unread"), std::string::npos) << got_[0];
  bool finished = false;
  transport_->finish([&] { finished = true; });
  while (!finished) loop_.run_one();
}

TEST_F(StreamTransportTest, AMessageThatIsLostEndsNoOther) {
  start({.frame = {.header = 100, .body = 100}});
  client_writes(frame_of("a") + to_frame(std::string(1000, ' ')) + frame_of("b") +
                "no header\r\n\r\n" + frame_of("c"));
  run_until(5);
  EXPECT_EQ(got_[0] + got_[2] + got_[4], "abc");
  EXPECT_TRUE(got_[1].starts_with("! a message of 1000 bytes")) << got_[1];
  EXPECT_TRUE(got_[3].starts_with("! a header line 'no header'")) << got_[3];
}

TEST_F(StreamTransportTest, GoesOnBehindAReceiverThatThrows) {
  start();
  client_writes(frame_of("a") + frame_of("throw") + frame_of("b"));
  EXPECT_THROW(run_until(3), std::bad_alloc);
  EXPECT_EQ(got_, (std::vector<std::string>{"a", "throw"}));
  loop_.restart();
  transport_->resume();
  EXPECT_EQ(got_.back(), "b") << "it had arrived";
  client_writes(frame_of("c"));
  run_until(4);
  close(client_out_);
  run_until(5);
  EXPECT_EQ(got_.back(), "closed");
}

TEST_F(StreamTransportTest, AClientThatIsGoneIsAnErrorAndNoSignal) {
  start();
  close(client_in_);
  transport_->send(to_notification("m", nullptr));
  run_until(1);
  EXPECT_TRUE(got_[0].starts_with("closed: ")) << got_[0];
}

TEST_F(StreamTransportTest, FinishesOnceAllIsWritten) {
  start();
  const Json message = to_notification("m", std::string(1'000'000, 'x'));
  transport_->send(message);
  bool finished = false;
  transport_->finish([&] { finished = true; });
  EXPECT_FALSE(finished);
  EXPECT_EQ(client_reads(to_frame(to_text(message)).size()), to_frame(to_text(message)));
  while (!finished) loop_.run_one();
  EXPECT_TRUE(got_.empty()) << "who ends it needs not be told";
}

/// A descriptor that can not be read from or written to as a server does.
struct BadDescriptor {
  const char* name;
  std::function<int()> open;
  const char* in;   // how reading ends
  const char* out;  // how writing does; null: it does not fail
};

int terminal_that_is_gone() {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  ::grantpt(terminal);
  ::unlockpt(terminal);
  const int other_end = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  ::close(other_end);
  return terminal;
}

const BadDescriptor kBadDescriptors[] = {
    {"none", [] { return -1; }, "closed: Bad file descriptor", "closed: Bad file descriptor"},
    {"one that is closed",
     [] {
       const int descriptor = ::open("/dev/null", O_RDWR);
       ::close(descriptor);
       return descriptor;
     },
     "closed: Bad file descriptor", "closed: Bad file descriptor"},
    {"of nothing", [] { return ::open("/dev/null", O_RDWR); }, "closed", nullptr},
    {"to be written only", [] { return ::open("/dev/null", O_WRONLY); },
     "closed: Bad file descriptor", nullptr},
    {"to be read only", [] { return ::open("/dev/null", O_RDONLY); }, "closed",
     "closed: Bad file descriptor"},
    {"of a folder", [] { return ::open("/", O_RDONLY); }, "closed: Is a directory",
     "closed: Bad file descriptor"},
    {"of a full disk", [] { return ::open("/dev/full", O_WRONLY); }, "closed: Bad file descriptor",
     "closed: No space left on device"},
    {"of a terminal that is gone", terminal_that_is_gone, "closed: Input/output error", nullptr},
};

TEST_F(StreamTransportTest, WhatCanNotBeReadEndsTheConnectionInOrder) {
  for (const BadDescriptor& c : kBadDescriptors) {
    close(server_in_);
    server_in_ = c.open();
    start();
    loop_.restart();
    run_until(1);
    EXPECT_EQ(got_, std::vector<std::string>{c.in}) << c.name;
    transport_.reset();
    got_.clear();
  }
}

TEST_F(StreamTransportTest, WhatCanNotBeWrittenEndsTheConnectionInOrder) {
  for (const BadDescriptor& c : kBadDescriptors) {
    close(server_out_);
    server_out_ = c.open();
    start();
    transport_->send(to_notification("m", nullptr));
    transport_->send(to_notification("n", nullptr));
    loop_.restart();
    if (c.out != nullptr) {
      run_until(1);
      EXPECT_EQ(got_, std::vector<std::string>{c.out}) << c.name;
    }
    bool finished = false;
    transport_->finish([&] { finished = true; });
    while (!finished) loop_.run_one();
    transport_.reset();
    got_.clear();
  }
}

TEST_F(StreamTransportTest, LeavesTheDescriptorsAsTheyWere) {
  const int before = ::fcntl(server_out_, F_GETFL);
  start();
  transport_->send(to_notification("m", nullptr));
  EXPECT_NE(::fcntl(server_out_, F_GETFL) & O_NONBLOCK, 0);
  transport_.reset();
  EXPECT_EQ(::fcntl(server_out_, F_GETFL), before);
  EXPECT_EQ(::write(server_out_, "x", 1), 1) << "it is open still";
}

}  // namespace
}  // namespace inpaint::lsp
