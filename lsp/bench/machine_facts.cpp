#include "lsp/bench/machine_facts.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <thread>

namespace inpaint::lsp {
namespace {

std::string content_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What stands behind "name:" in the first line that begins so.
std::string_view value_of(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t colon = line.find(':');
    if (!line.starts_with(name) || colon == std::string_view::npos) continue;
    // /proc/cpuinfo has tabs between the name and the colon.
    if (line.substr(name.size(), colon - name.size()).find_first_not_of(" \t") !=
        std::string_view::npos)
      continue;
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
  }
  return {};
}

double number_of(std::string_view text) {
  double number = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

double kib_of(std::string_view text, std::string_view name) {
  return number_of(value_of(text, name));
}

MachineFacts machine_facts() {
  MachineFacts facts;
  const std::string processors = content_of("/proc/cpuinfo");
  facts.processor = std::string(value_of(processors, "model name"));
  facts.threads = std::thread::hardware_concurrency();
  facts.memory_mib = kib_of(content_of("/proc/meminfo"), "MemTotal") / 1024.0;
  facts.load = number_of(content_of("/proc/loadavg"));
  return facts;
}

ProcessMemory process_memory() {
  const std::string status = content_of("/proc/self/status");
  return {kib_of(status, "VmRSS") / 1024.0, kib_of(status, "VmHWM") / 1024.0};
}

}  // namespace inpaint::lsp
