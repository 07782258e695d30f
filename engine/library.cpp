#include "engine/library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <vector>

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

fs::path program_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path(".") : program.parent_path();
}

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value && *value ? value : nullptr;
}

/// Before the engine: its libtorch_cpu.so is then the one that this opens.
Result<void> open_cuda(const fs::path& engine) {
  constexpr const char* kRemedy =
      "use --device cpu, fetch torch's CUDA half (packaging/setup.sh --cuda), or "
      "name its folder in INPAINT_TORCH_LIB";
  std::string tried;
  for (const fs::path& place : cuda_places(engine)) {
    std::error_code failed;
    if (!fs::exists(place, failed)) {
      tried += (tried.empty() ? "" : ", ") + place.string();
      continue;
    }
    if (::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL)) return {};
    return failure(ErrorCode::unavailable, place.string(), ::dlerror(), kRemedy);
  }
  return failure(ErrorCode::unavailable, "libtorch_cuda.so", "not found in " + tried, kRemedy);
}

}  // namespace

std::vector<fs::path> cuda_places(const fs::path& engine) {
  constexpr const char* kName = "libtorch_cuda.so";
  if (const char* named = environment("INPAINT_TORCH_LIB")) return {fs::absolute(named) / kName};
  return {fs::absolute(engine).lexically_normal().parent_path() / kName,
          fs::path(INPAINT_TORCH_LIB) / kName};
}

Result<Library> Library::open(Device device, std::optional<fs::path> file) {
  constexpr const char* kRemedy = "build or install Inpaint with its engine (packaging/setup.sh)";
  std::vector<fs::path> places;
  if (file) places = {*file};
  else
    places = {program_folder() / "../lib/libinpaint_engine.so",
              program_folder() / "libinpaint_engine.so"};
  std::string tried;
  for (const fs::path& place : places) {
    std::error_code failed;
    if (!fs::exists(place, failed)) {
      tried += (tried.empty() ? "" : ", ") + place.lexically_normal().string();
      continue;
    }
    ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
    if (device == Device::cuda) {
      if (Result<void> opened = open_cuda(place); !opened) return std::unexpected(opened.error());
    }
    void* handle = ::dlopen(fs::absolute(place).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) return failure(ErrorCode::unavailable, place.string(), ::dlerror(), kRemedy);
    const auto entry_of =
        reinterpret_cast<EngineEntryFunction>(::dlsym(handle, kEngineEntrySymbol));
    if (!entry_of)
      return failure(ErrorCode::unavailable, place.string(), "is not an engine of Inpaint",
                     kRemedy);
    const EngineEntry* entry = entry_of();
    if (std::strcmp(entry->version, INPAINT_VERSION) != 0)
      return failure(ErrorCode::unavailable, place.string(),
                     std::string("is of version ") + entry->version +
                         ", the program of " INPAINT_VERSION,
                     kRemedy);
    return Library(entry);
  }
  return failure(ErrorCode::unavailable, "libinpaint_engine.so", "not found in " + tried, kRemedy);
}

Result<fs::path> find_model(const std::optional<std::string>& flag) {
  std::vector<fs::path> places;
  std::error_code unknown;
  const bool embedded = flag == kEmbeddedModel && !fs::exists(*flag, unknown);
  if (flag && !embedded) places = {*flag};
  else if (const char* chosen = environment("INPAINT_MODEL"); chosen && !embedded)
    places = {chosen};
  else
    places = {program_folder() / "../share/inpaint/mini",
              fs::path(INPAINT_SOURCE_DIR) / "engine/mini"};
  std::string tried;
  for (const fs::path& place : places) {
    std::error_code failed;
    if (fs::exists(place / "config.json", failed)) return place;
    tried += (tried.empty() ? "" : ", ") + place.lexically_normal().string();
  }
  return failure(ErrorCode::file_not_found, "model", "no config.json in " + tried,
                 "name a model folder with --model or INPAINT_MODEL");
}

fs::path state_folder() {
  if (const char* xdg = environment("XDG_STATE_HOME")) return fs::path(xdg) / "inpaint";
  if (const char* home = environment("HOME")) return fs::path(home) / ".local/state/inpaint";
  return fs::temp_directory_path() / "inpaint";
}

fs::path config_folder() {
  if (const char* xdg = environment("XDG_CONFIG_HOME")) return fs::path(xdg) / "inpaint";
  if (const char* home = environment("HOME")) return fs::path(home) / ".config/inpaint";
  return {};
}

fs::path cache_folder() {
  if (const char* xdg = environment("XDG_CACHE_HOME")) return fs::path(xdg) / "inpaint";
  if (const char* home = environment("HOME")) return fs::path(home) / ".cache/inpaint";
  return fs::temp_directory_path() / "inpaint";
}

}  // namespace inpaint::engine
