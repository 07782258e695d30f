#include "lsp/session/process_watch.h"

#include <limits>

#include <sys/syscall.h>
#include <unistd.h>

namespace inpaint::lsp {

namespace asio = boost::asio;

bool ProcessWatch::watch(std::int64_t process, const std::function<void()>& ended) {
  if (process <= 0 || process > std::numeric_limits<pid_t>::max()) return false;
#ifdef SYS_pidfd_open
  const auto descriptor =
      static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(process), 0));
  if (descriptor < 0) return false;
  auto& watched = watched_.emplace_back(context_);
  boost::system::error_code error;
  if (watched.assign(descriptor, error)) {
    ::close(descriptor);
    watched_.pop_back();
    return false;
  }
  watched.async_wait(asio::posix::stream_descriptor::wait_read,
                     [ended](const boost::system::error_code& failed) {
                       if (!failed) ended();
                     });
  return true;
#else
  return false;
#endif
}

}  // namespace inpaint::lsp
