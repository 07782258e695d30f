// Notices when the editor's process ends, so that no server outlives it.
//
// Mostly the end of standard input says so; a process that handed its pipes on does not. A process
// that can not be seen (in a container the editor's number means nothing) is not watched, since a
// server that leaves at once is worse than one that leaves late.
//
// Thread rule: the thread that runs the io_context.
// Source: pidfd_open(2), Linux 5.3; elsewhere nothing is watched.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace inpaint::lsp {

class ProcessWatch {
 public:
  explicit ProcessWatch(boost::asio::io_context& context) : context_(context) {}

  /// `ended` is called when the process has; false where it can not be watched.
  bool watch(std::int64_t process, const std::function<void()>& ended);

 private:
  boost::asio::io_context& context_;
  std::vector<boost::asio::posix::stream_descriptor> watched_;
};

}  // namespace inpaint::lsp
