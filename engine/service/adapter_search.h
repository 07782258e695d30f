// Which mask adapter goes with a model: the one that was named, else the first that fits among
// those that come with the program, in share/inpaint/adapters beside the installed program or in
// engine/adapters of the source tree that it was built in.
//
// One that was named has to do: who measures with it must not measure without. One that lies beside
// the program and is damaged costs speed and no more: the model works without it, and a note says
// why.
//
// Errors: those of weights/mask_adapter.h, of one that was named.   Thread rule: any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/weights/mask_adapter.h"

namespace inpaint::engine {

struct FoundAdapter {
  std::optional<MaskAdapter> adapter;
  std::string folder;  // of it
  std::string note;    // why another one that is for this model is not used
};

/// Folders that may hold adapters, each in a folder of its own.
std::vector<std::filesystem::path> adapter_shelves(const std::filesystem::path& program);

/// What an adapter is to stand beside.
struct AdapterTarget {
  std::filesystem::path
      model;  // its file or folder, by whose name an adapter knows what it was measured on
  const PretrainedConfig& config;
  const Tokenizer& tokenizer;
};

/// `named`: a folder, kNoAdapter, or nothing.
Result<FoundAdapter> find_adapter(const std::string& named,
                                  std::span<const std::filesystem::path> shelves,
                                  const AdapterTarget& target);

}  // namespace inpaint::engine
