#include "engine/base/open_files.h"

#include <vector>

#include <sys/eventfd.h>
#include <unistd.h>

namespace inpaint::engine {

bool may_open_files(int n) {
  std::vector<int> opened;  // of a kind that needs no name in a file system
  bool enough = true;
  while (enough && static_cast<int>(opened.size()) < n) {
    const int descriptor = ::eventfd(0, EFD_CLOEXEC);
    enough = descriptor >= 0;
    if (enough) opened.push_back(descriptor);
  }
  for (const int descriptor : opened) ::close(descriptor);
  return enough;
}

}  // namespace inpaint::engine
