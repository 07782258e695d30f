// Opens the engine when it is first needed.
//
// The engine is a shared object, libinpaint_engine.so: torch costs half a second and 450 MB of file
// to load, and neither `--help` nor `initialize` needs it. This header and its source are all of the
// engine that the executable links.
//
// Before it is opened OMP_WAIT_POLICY is set to "passive", unless the user has set it: libgomp reads
// it once, when it is loaded, and spins by default, which made a layer of 0.1 ms take 16 ms on a busy
// machine.
//
// For CUDA torch's other half, libtorch_cuda.so, is opened before the engine and by its absolute
// path: torch looks for it once, when it is first asked for CUDA, and a later open leaves CUDA dead
// for the whole process. It lies beside the libtorch_cpu.so of the same build, and brings that one
// along.
//
// Thread rule: open() once, before other threads read the environment; afterwards any thread.
// Errors: unavailable (no library beside the program, one of another version, no CUDA half of
//         torch), file_not_found.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
  /// `device` is what the engine will be asked for: it cannot be widened to CUDA by a second call.
  /// `file` names the shared object; without it, lib/ and the folder of the program are searched.
  /// It stays loaded until the process ends: torch does not survive to be unloaded.
  static Result<Library> open(Device device = Device::cpu,
                              std::optional<std::filesystem::path> file = std::nullopt);

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

/// The name of the model that comes with the program, where no folder of that name lies at hand.
inline constexpr std::string_view kEmbeddedModel = "mini";

/// The model folder: `flag` if given (a folder, or "mini"), else the environment's INPAINT_MODEL, else share/inpaint/mini
/// beside the installed program, else engine/mini of the source tree that the program was built in.
/// file_not_found, naming every place that was tried, where none has a config.json.
Result<std::filesystem::path> find_model(const std::optional<std::string>& flag);

/// Where libtorch_cuda.so may lie, in the order in which it is looked for: the folder in the
/// environment's INPAINT_TORCH_LIB alone, if set; else beside `engine` (an installation), then the
/// LibTorch that the program was built with.
std::vector<std::filesystem::path> cuda_places(const std::filesystem::path& engine);

/// Where what a person made lives, such as models that know their code: $XDG_STATE_HOME/inpaint or
/// ~/.local/state/inpaint.
std::filesystem::path state_folder();

/// Where what a person wrote down lives, such as languages of their own: $XDG_CONFIG_HOME/inpaint or
/// ~/.config/inpaint.
std::filesystem::path config_folder();

/// Where measurements and downloads live: $XDG_CACHE_HOME/inpaint or ~/.cache/inpaint.
std::filesystem::path cache_folder();

}  // namespace inpaint::engine
