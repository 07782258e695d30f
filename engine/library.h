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
// Thread rule: open() once, before other threads read the environment; afterwards any thread.
// Errors: unavailable (no library beside the program, or one of another version), file_not_found.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "engine/training/train_options.h"

namespace inpaint::engine {

/// What the shared object offers: the one symbol that it exports returns this table.
struct EngineEntry {
  const char* version;  // INPAINT_VERSION of its build; the tables of two versions may differ
  Result<std::unique_ptr<Engine>> (*load)(const EngineOptions&);
  Result<TrainReport> (*train)(const TrainOptions&, std::stop_token, const TrainLog&);
};
using EngineEntryFunction = const EngineEntry* (*)();
inline constexpr const char* kEngineEntrySymbol = "inpaint_engine_entry";

class Library {
 public:
  /// `file` names the shared object; without it, lib/ and the folder of the program are searched.
  /// It stays loaded until the process ends: torch does not survive to be unloaded.
  static Result<Library> open(std::optional<std::filesystem::path> file = std::nullopt);

  Result<std::unique_ptr<Engine>> load(const EngineOptions& options) const {
    return entry_->load(options);
  }
  Result<TrainReport> train(const TrainOptions& options, std::stop_token stop,
                            const TrainLog& log) const {
    return entry_->train(options, std::move(stop), log);
  }

 private:
  explicit Library(const EngineEntry* entry) : entry_(entry) {}
  const EngineEntry* entry_;
};

/// The model folder: `flag` if given, else the environment's INPAINT_MODEL, else share/inpaint/mini
/// beside the installed program, else engine/mini of the source tree that the program was built in.
/// file_not_found, naming every place that was tried, where none has a config.json.
Result<std::filesystem::path> find_model(const std::optional<std::string>& flag);

/// Where measurements and downloads live: $XDG_CACHE_HOME/inpaint or ~/.cache/inpaint.
std::filesystem::path cache_folder();

}  // namespace inpaint::engine
