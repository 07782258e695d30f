// Opens the engine when it is first needed.
//
// The engine is a shared object, libinpaint_engine.so: torch costs half a second and 450 MB of file
// to load, and neither `--help` nor `initialize` needs it. This header and its source are all of
// the engine that the executable links.
//
// The libraries below the engine are the ones that it was built with, whatever the environment
// says: it is opened by its absolute path and finds them by its RPATH, which goes before
// LD_LIBRARY_PATH (a RUNPATH, the linker's default, would go behind). People who work with torch
// have another version of it in that variable. LD_PRELOAD goes before everything: a torch that it
// brings is refused, and an error of the linker names the variables that may have led to it.
//
// Before it is opened the variables that its libraries read once, when loaded, are set right.
// OMP_WAIT_POLICY becomes "passive", unless the user has set it: it spins by default, which made a
// layer of 0.1 ms take 16 ms on a busy machine. OMP_STACKSIZE goes: a size for another program's
// threads ends ours, where it is too small for torch's loops or so large that no thread starts.
// ATEN_CPU_CAPABILITY goes where it names instructions that the processor does not have: torch
// would execute them.
//
// For CUDA torch's other half, libtorch_cuda.so, is opened before the engine and by its absolute
// path: torch looks for it once, when it is first asked for CUDA, and a later open leaves CUDA dead
// for the whole process. It lies beside the libtorch_cpu.so of the same build, and brings that one
// along.
//
// Thread rule: open() first before other threads read the environment; afterwards, also a second
// time, which finds everything set, on any thread.
// Errors: unavailable (no library at any place, one of another version, no CUDA half of torch,
//         another torch in the process already, too few files may be opened, no
//         /proc); bad_argument (INPAINT_TORCH_LIB is no path).
// Source: ld.so(8) for the order of the places.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "engine/base/named_path.h"
#include "engine/engine.h"
#include "engine/train_options.h"

namespace inpaint::engine {

/// What the shared object offers: the one symbol that it exports returns this table.
struct EngineEntry {
  const char* version;  // INPAINT_VERSION of its build; the tables of two versions may differ
  Result<std::unique_ptr<Engine>> (*load)(const EngineOptions&);
  Result<TrainReport> (*train)(const TrainOptions&, const std::stop_token&, const TrainLog&);
};
using EngineEntryFunction = const EngineEntry* (*)();
inline constexpr const char* kEngineEntrySymbol = "inpaint_engine_entry";

class Library {
 public:
  /// The engine that belongs to the program, which is a file. `device` is what the engine will be
  /// asked for: it cannot be widened to CUDA by a second call. It stays loaded until the process
  /// ends: torch does not survive to be unloaded.
  static Result<Library> open(Device device, const std::filesystem::path& program,
                              const PathRoots& roots);

  Result<std::unique_ptr<Engine>> load(const EngineOptions& options) const {
    return entry_->load(options);
  }
  Result<TrainReport> train(const TrainOptions& options, const std::stop_token& stop,
                            const TrainLog& log) const {
    return entry_->train(options, stop, log);
  }

 private:
  explicit Library(const EngineEntry* entry) : entry_(entry) {}
  const EngineEntry* entry_;
};

/// Where the shared object may lie: in lib/ of the installation or build that `program` (a file) is
/// of, else beside it.
std::vector<std::filesystem::path> engine_places(const std::filesystem::path& program);

/// Where libtorch_cuda.so may lie, in the order in which it is looked for: the folder in the
/// environment's INPAINT_TORCH_LIB alone, if set; else beside `engine` (an installation), then the
/// LibTorch that the program was built with.
Result<std::vector<std::filesystem::path>> cuda_places(const std::filesystem::path& engine,
                                                       const PathRoots& roots);

}  // namespace inpaint::engine
