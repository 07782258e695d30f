// What Linux tells about the machine and about this process; empty or 0 where it does not.
//
// Source: proc(5), /proc/cpuinfo, /proc/meminfo, /proc/loadavg and /proc/[pid]/status.
#pragma once

#include <string>
#include <string_view>

namespace inpaint::lsp {

struct MachineFacts {
  std::string processor;
  unsigned threads = 0;
  double memory_mib = 0.0;
  double load = 0.0;  // mean of the last minute: a busy machine shows in every figure
};
MachineFacts machine_facts();

struct ProcessMemory {
  double resident_mib = 0.0;
  double peak_mib = 0.0;
};
ProcessMemory process_memory();

/// The number of KiB behind `name` in a text of lines "name:  1234 kB"; 0 where there is none.
double kib_of(std::string_view text, std::string_view name);

}  // namespace inpaint::lsp
