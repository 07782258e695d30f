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
// A callback that throws, also for want of memory, does so out of the io_context; resume() then
// goes on with what was left.
//
// Thread rule: made and used on the thread that runs the io_context.
// Errors: io_failed (reading or writing failed, or the queue is full). Where a descriptor is closed,
//         or can not be read or written, that is the error of the first read or write.
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
  /// Throws, if at all, before the message is queued.
  void send(const Json& message) override;
  void resume();

  /// Reads no more, and calls `written` once the queue is empty; at once where the client does not
  /// take what is in it.
  void finish(std::function<void()> written);

  /// Makes both descriptors block again if they did before: the flags belong to the open file,
  /// which others may share (a terminal, for one). For an end without destructors.
  void restore_flags();

 private:
  void read_more();
  void on_read(const boost::system::error_code& error, std::size_t n);
  void take_frames();
  void write_more();
  void on_written(const boost::system::error_code& error);
  void close(std::optional<engine::Error> error);

  StreamLimits limits_;
  boost::asio::posix::stream_descriptor in_;
  boost::asio::posix::stream_descriptor out_;
  int in_flags_ = 0;
  int out_flags_ = 0;
  Receiver receiver_;
  FrameReader frames_;
  std::array<char, 64UL * 1024> bytes_{};
  std::deque<std::string> queue_;  // the first is being written, or to be
  std::size_t queued_ = 0;
  std::function<void()> written_;
  bool reading_ = true;   // more is wanted
  bool writable_ = true;  // more is taken
  bool has_read_ = false;
  bool has_write_ = false;  // that is under way
  bool closed_ = false;
};

}  // namespace inpaint::lsp
