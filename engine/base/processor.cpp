#include "engine/base/processor.h"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <thread>
#include <utility>

namespace inpaint::engine {
namespace {

/// Hardware threads that this process may run on: a container or taskset(1) may leave it few.
int allowed_threads() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

int physical_cores() {
  std::set<std::pair<int, int>> cores;
  std::ifstream info("/proc/cpuinfo");
  int package = 0;
  for (std::string line; std::getline(info, line);) {
    const auto number = [&] {
      int value = 0;
      const std::size_t from = line.find_first_of("0123456789", line.find(':'));
      if (from != std::string::npos)
        std::from_chars(line.c_str() + from, line.c_str() + line.size(), value);
      return value;
    };
    if (line.starts_with("physical id")) package = number();
    if (line.starts_with("core id")) cores.insert({package, number()});
  }
  const int allowed = allowed_threads();
  return cores.empty() ? allowed : std::min(allowed, static_cast<int>(cores.size()));
}

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

}  // namespace inpaint::engine
