#include "engine/base/folders.h"

#include <system_error>

#include <sys/auxv.h>

#include "engine/base/environment.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

fs::path absolute_variable(const char* name) {
  fs::path value = environment(name).value_or("");
  return value.is_absolute() ? value : fs::path();
}

/// Our folder in the one that `variable` names, else in `standard` below the home.
fs::path ours_in(const char* variable, const char* standard) {
  if (const fs::path named = absolute_variable(variable); !named.empty()) return named / "inpaint";
  const fs::path home = home_folder();
  return home.empty() ? fs::path() : home / standard / "inpaint";
}

}  // namespace

fs::path home_folder() { return absolute_variable("HOME"); }
fs::path state_folder() { return ours_in("XDG_STATE_HOME", ".local/state"); }
fs::path config_folder() { return ours_in("XDG_CONFIG_HOME", ".config"); }
fs::path data_folder() { return ours_in("XDG_DATA_HOME", ".local/share"); }
fs::path cache_folder() { return ours_in("XDG_CACHE_HOME", ".cache"); }

fs::path working_folder() {
  std::error_code gone;
  return fs::current_path(gone);
}

fs::path program_file() {
  std::error_code failed;
  fs::path file = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) return file;
  const unsigned long executed = ::getauxval(AT_EXECFN);
  if (executed == 0) return {};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel hands the address over as a number
  file = fs::canonical(reinterpret_cast<const char*>(executed), failed);
  return failed ? fs::path() : file;
}

}  // namespace inpaint::engine
