// Whether the machine runs on its battery.
//
// Errors: none: what cannot be read is no battery.   Thread rule: any thread.
// Source: the Linux kernel's Documentation/ABI/testing/sysfs-class-power.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace inpaint::lsp {

inline bool on_battery(const std::filesystem::path& supplies = "/sys/class/power_supply") {
  std::error_code failed;
  std::filesystem::directory_iterator supply(supplies, failed);
  for (; !failed && supply != std::filesystem::directory_iterator(); supply.increment(failed)) {
    std::string scope;
    std::string status;
    std::ifstream(supply->path() / "scope") >> scope;
    std::ifstream(supply->path() / "status") >> status;
    if (status == "Discharging" && scope != "Device") return true;  // a mouse has a battery too
  }
  return false;
}

}  // namespace inpaint::lsp
