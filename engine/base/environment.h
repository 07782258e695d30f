// A variable of the process's environment, as a value.
//
// An empty variable counts as one that is not set, as the shell's ${NAME:-...} and the XDG
// specification have it: whoever writes `HOME= program` wants none.
//
// Thread rule: any thread, while none sets a variable (engine/library.h does, once).
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace inpaint::engine {

inline std::optional<std::string> environment(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace inpaint::engine
