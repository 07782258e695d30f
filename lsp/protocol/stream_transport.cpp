#include "lsp/protocol/stream_transport.h"

#include <csignal>
#include <string_view>
#include <tuple>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "engine/base/guarded.h"

namespace inpaint::lsp {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using engine::Error;
using engine::ErrorCode;

void block_sigpipe() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

Error io_error(const char* what, const error_code& code) {
  return {ErrorCode::io_failed, what, code.message(), ""};
}

/// A copy for the descriptor to own; it is unusable, with an error at the first read, where there
/// is none to copy.
void assign(asio::posix::stream_descriptor& to, int descriptor) {
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  error_code error;
  if (copy >= 0 && to.assign(copy, error)) ::close(copy);
}

}  // namespace

StreamTransport::StreamTransport(asio::io_context& context, int in, int out, StreamLimits limits)
    : limits_(limits),
      in_(context),
      out_(context),
      in_flags_(::fcntl(in, F_GETFL)),
      out_flags_(::fcntl(out, F_GETFL)),
      frames_(limits.frame) {
  block_sigpipe();
  assign(in_, in);
  assign(out_, out);
  // Asio makes them non-blocking at the first read and the first write.
}

StreamTransport::~StreamTransport() { restore_flags(); }

void StreamTransport::restore_flags() {
  if (in_.is_open()) ::fcntl(in_.native_handle(), F_SETFL, in_flags_);
  if (out_.is_open()) ::fcntl(out_.native_handle(), F_SETFL, out_flags_);
}

void StreamTransport::start(Receiver receiver) {
  receiver_ = std::move(receiver);
  read_more();
}

void StreamTransport::resume() {
  take_frames();
  read_more();
  write_more();
}

void StreamTransport::read_more() {
  if (has_read_ || !reading_) return;
  in_.async_read_some(asio::buffer(bytes_), [this](const error_code& error, std::size_t n) {
    has_read_ = false;
    on_read(error, n);
  });
  has_read_ = true;
}

void StreamTransport::on_read(const error_code& error, std::size_t n) {
  if (error == asio::error::operation_aborted || !reading_) return;
  if (error == asio::error::eof) {
    if (frames_.at_border()) return close(std::nullopt);
    return close(Error{ErrorCode::io_failed, "standard input", "it ends inside of a frame", ""});
  }
  if (error) return close(io_error("standard input", error));
  frames_.feed(std::string_view(bytes_.data(), n));
  take_frames();
  read_more();
  write_more();  // what could not be begun before
}

void StreamTransport::take_frames() {
  while (reading_) {
    auto body = frames_.next();
    if (!body) return;
    if (!*body) {
      receiver_.unreadable(std::move(body->error()));
      continue;
    }
    auto message = parse_message(**body);
    if (message) receiver_.message(std::move(*message));
    else receiver_.unreadable(std::move(message.error()));
  }
}

void StreamTransport::send(const Json& message) {
  if (!writable_) return;
  std::string frame = to_frame(to_text(message));
  if (queued_ + frame.size() > limits_.queued) {
    const Error full{ErrorCode::io_failed, "standard output",
                     "the client has left " + std::to_string(queued_) + " bytes unread", ""};
    // Not from within send(): the caller is in the middle of something.
    asio::post(in_.get_executor(), [this, full] { close(full); });
    writable_ = false;
    return;
  }
  const std::size_t size = frame.size();
  queue_.push_back(std::move(frame));
  queued_ += size;
  std::ignore =
      engine::guarded("write", [this] { write_more(); });  // else the next chance is taken
}

void StreamTransport::write_more() {
  if (has_write_ || queue_.empty()) return;
  asio::async_write(out_, asio::buffer(queue_.front()),
                    [this](const error_code& error, std::size_t /*n*/) {
                      has_write_ = false;
                      on_written(error);
                    });
  has_write_ = true;
}

void StreamTransport::on_written(const error_code& error) {
  if (error == asio::error::operation_aborted) return;
  if (error) {
    writable_ = false;
    queue_.clear();
    close(io_error("standard output", error));
  } else {
    queued_ -= queue_.front().size();
    queue_.pop_front();
    if (!queue_.empty()) return write_more();
  }
  if (written_) std::exchange(written_, nullptr)();
}

void StreamTransport::finish(std::function<void()> written) {
  reading_ = false;
  closed_ = true;
  if (queue_.empty() || !writable_) return asio::post(in_.get_executor(), std::move(written));
  written_ = std::move(written);
  write_more();
}

void StreamTransport::close(std::optional<Error> error) {
  reading_ = false;
  if (std::exchange(closed_, true)) return;
  receiver_.closed(std::move(error));
}

}  // namespace inpaint::lsp
