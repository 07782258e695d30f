// Messages over two file descriptors, of pipes mostly: standard input and output.
//
// Reads and writes go on side by side, and frames never mix: one write at a time, from a queue. The
// queue is bounded, since a client may stop reading and go on asking; then the connection is closed
// with an error instead of memory growing or the session waiting.
//
// The descriptors are copied; while the object lives the files behind them do not block, and
// afterwards they are as they were. A write to a pipe that nobody reads any more must fail rather
// than end the process: SIGPIPE is blocked in the thread that makes the object.
//
// Thread rule: made and used on the thread that runs the io_context.
// Errors: io_failed (reading or writing failed, or the queue is full); of the frame reader.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "lsp/protocol/frame_reader.h"
#include "lsp/protocol/transport.h"

namespace inpaint::lsp {

struct StreamLimits {
  FrameLimits frame;
  std::size_t queued = 16UL * 1024 * 1024;  // bytes that the client has not read
};

class StreamTransport : public Transport {
 public:
  StreamTransport(boost::asio::io_context& context, int in, int out, StreamLimits limits = {});
  ~StreamTransport() override;
  StreamTransport(const StreamTransport&) = delete;
  StreamTransport& operator=(const StreamTransport&) = delete;

  void start(Receiver receiver) override;
  void send(const Json& message) override;

  /// Reads no more, and calls `written` once the queue is empty; at once where the client does not
  /// take what is in it.
  void finish(std::function<void()> written);

  /// Makes both descriptors block again if they did before: the flags belong to the open file, which
  /// others may share (a terminal, for one). For an end without destructors.
  void restore_flags();

 private:
  void read_more();
  void take_frames();
  void write_next();
  void close(std::optional<engine::Error> error);

  StreamLimits limits_;
  boost::asio::posix::stream_descriptor in_;
  boost::asio::posix::stream_descriptor out_;
  int in_flags_ = 0;
  int out_flags_ = 0;
  Receiver receiver_;
  FrameReader frames_;
  std::array<char, 64UL * 1024> bytes_{};
  std::deque<std::string> queue_;  // the first is being written
  std::size_t queued_ = 0;
  std::function<void()> written_;
  bool reading_ = true;
  bool writable_ = true;
  bool closed_ = false;
};

}  // namespace inpaint::lsp
