#include "engine/library.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>

#include "engine/base/environment.h"
#include "engine/base/open_files.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRemedy = "build or install Inpaint with its engine (packaging/setup.sh)";
constexpr const char* kProcessor = "/proc/cpuinfo";
/// How many files the engine, torch and a model have open at one time.
constexpr int kFilesAtOnce = 3;
constexpr std::array kLinkerVariables = {"LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT",
                                         "GLIBC_TUNABLES"};

/// The instructions that torch would take from the environment without asking the processor.
bool are_there(const std::string& capability) {
#if defined(__x86_64__)
  if (capability == "avx512")
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("fma");
  if (capability == "avx2") return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return capability == "default";
}

void set_variables() {
  ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  for (const char* name : {"OMP_STACKSIZE", "GOMP_STACKSIZE"}) ::unsetenv(name);
  constexpr const char* kCapability = "ATEN_CPU_CAPABILITY";
  if (const auto named = environment(kCapability); named && !are_there(*named))
    ::unsetenv(kCapability);
}

bool can_be_read(const char* path) {
  const int descriptor = ::open(path, O_RDONLY | O_CLOEXEC);
  return descriptor >= 0 && ::close(descriptor) == 0;
}

/// What the linker said. Where variables of its own are set they are the first thing to try without.
std::unexpected<Error> not_linked(const fs::path& library, const char* otherwise) {
  const char* const why = ::dlerror();
  std::string set;
  for (const char* name : kLinkerVariables)
    if (environment(name)) set.append(set.empty() ? "" : ", ").append(name);
  return failure(ErrorCode::unavailable, library.string(), why ? why : "it cannot be opened",
                 set.empty() ? otherwise : "try again without " + set + "; else " + otherwise);
}

/// The file of a torch that is in the process already; empty where there is none. The engine would be
/// linked with that one, since the linker takes one library of a name.
std::string loaded_torch() {
  std::string found;
  ::dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void* result) {
        const std::string_view file = object->dlpi_name ? object->dlpi_name : "";
        const std::string_view name = file.substr(file.rfind('/') + 1);
        if (!name.starts_with("libtorch") && !name.starts_with("libc10")) return 0;
        *static_cast<std::string*>(result) = file;
        return 1;
      },
      &found);
  return found;
}

/// Before the engine: its libtorch_cpu.so is then the one that this opens.
Result<void> open_cuda(const fs::path& engine, const PathRoots& roots) {
  constexpr const char* kCudaRemedy =
      "use --device cpu, fetch torch's CUDA half (packaging/setup.sh --cuda), or "
      "name its folder in INPAINT_TORCH_LIB";
  const Result<std::vector<fs::path>> places = cuda_places(engine, roots);
  if (!places) return std::unexpected(places.error());
  std::string tried;
  for (const fs::path& place : *places) {
    std::error_code unknown;
    if (!fs::exists(place, unknown)) {
      tried += (tried.empty() ? "" : ", ") + place.string();
      continue;
    }
    if (::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL)) return {};
    return not_linked(place, kCudaRemedy);
  }
  return failure(ErrorCode::unavailable, "libtorch_cuda.so", "not found in " + tried, kCudaRemedy);
}

/// All that must come before the engine, which may be open already.
Result<void> prepare(const fs::path& engine, Device device, const PathRoots& roots) {
  set_variables();
  if (!may_open_files(kFilesAtOnce))
    return failure(ErrorCode::unavailable, engine.string(), "too few files may be opened",
                   kRaiseFileLimit);
  if (!can_be_read(kProcessor))
    return failure(ErrorCode::unavailable, kProcessor,
                   "it cannot be read, and torch learns there what the processor can do",
                   "mount /proc");
  if (::dlopen(engine.c_str(), RTLD_NOW | RTLD_NOLOAD) == nullptr) {
    if (const std::string torch = loaded_torch(); !torch.empty())
      return failure(ErrorCode::unavailable, torch,
                     "it is in the process before the engine, which opens its own torch",
                     "try again without LD_PRELOAD");
  }
  return device == Device::cuda ? open_cuda(engine, roots) : Result<void>();
}

}  // namespace

std::vector<fs::path> engine_places(const fs::path& program) {
  if (program.empty()) return {};
  const fs::path folder = program.parent_path();
  return {folder.parent_path() / "lib/libinpaint_engine.so", folder / "libinpaint_engine.so"};
}

Result<std::vector<fs::path>> cuda_places(const fs::path& engine, const PathRoots& roots) {
  constexpr const char* kName = "libtorch_cuda.so";
  if (const auto named = environment("INPAINT_TORCH_LIB")) {
    const Result<fs::path> folder = absolute_path(*named, roots);
    if (!folder) return std::unexpected(folder.error());
    return std::vector{*folder / kName};
  }
  return std::vector{engine.parent_path() / kName, fs::path(INPAINT_TORCH_LIB) / kName};
}

Result<Library> Library::open(Device device, const fs::path& program, const PathRoots& roots) {
  std::string tried;
  for (const fs::path& place : engine_places(program)) {
    std::error_code unknown;
    if (!fs::exists(place, unknown)) {
      tried += (tried.empty() ? "" : ", ") + place.string();
      continue;
    }
    if (Result<void> ready = prepare(place, device, roots); !ready)
      return std::unexpected(ready.error());
    void* handle = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) return not_linked(place, kRemedy);
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
  return failure(ErrorCode::unavailable, "libinpaint_engine.so",
                 tried.empty() ? "the program does not know where it lies itself"
                               : "not found in " + tried,
                 kRemedy);
}

}  // namespace inpaint::engine
