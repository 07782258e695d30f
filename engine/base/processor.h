// What the machine computes with.
//
// Source: /proc/cpuinfo; sched_getaffinity(2).      Thread rule: any thread.
#pragma once

#include <string>

namespace inpaint::engine {

/// Cores that this process may run on, at least one. Two hardware threads of a core share its
/// arithmetic units: cores are what counts.
int physical_cores();

/// "Intel(R) Xeon(R) Processor", as the system calls it.
std::string processor_name();

}  // namespace inpaint::engine
