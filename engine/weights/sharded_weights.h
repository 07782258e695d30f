// The tensors of a model folder, whether they lie in one file or in several.
//
// A folder holds either model.safetensors.index.json, whose "weight_map" says which file holds which
// tensor, or exactly one *.safetensors file. An index may name files of its own folder only: a model
// folder comes from outside and must not make us open anything else.
//
// Errors: bad_weights (index that lies, tensor in two files), file_not_found, io_failed.
// Source: the index as the transformers library writes it ("weight_map": {tensor: file}).
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/weights/safetensors.h"

namespace inpaint::engine {

/// Thread rule: immutable; any thread. Copies share the open files.
class ShardedWeights {
 public:
  struct Location {
    const SafetensorsFile* file = nullptr;
    const TensorEntry* entry = nullptr;
  };

  static Result<ShardedWeights> open(const std::filesystem::path& folder);

  std::optional<Location> find(std::string_view name) const;

  /// All names, sorted.
  std::vector<std::string> names() const;

  /// As SafetensorsFile::read; bad_weights when there is no such tensor.
  Result<void> read(std::string_view name, std::span<std::byte> out) const;

  const std::vector<std::shared_ptr<const SafetensorsFile>>& files() const { return files_; }

 private:
  std::vector<std::shared_ptr<const SafetensorsFile>> files_;
  std::map<std::string, Location, std::less<>> by_name_;
};

/// The index alone: tensor name -> file name, each checked to be a plain name inside the folder.
Result<std::map<std::string, std::string>> parse_weight_index(std::string_view json,
                                                              std::string_view name);

}  // namespace inpaint::engine
