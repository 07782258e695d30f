// The config.json of a Hugging Face folder, alone: what its weights still have to confirm.
//
// Errors: bad_config, file_not_found, io_failed.
// Source: the configuration classes of transformers (Qwen2Config, Qwen3Config, LlamaConfig,
//         GraniteConfig), their defaults included.
// Thread rule: any thread; no state.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {

struct FolderConfig {
  PretrainedConfig config;
  bool biased = false;  // queries, keys and values have biases
};

/// `name` stands for the file in errors.
Result<FolderConfig> parse_folder_config(std::string_view text, const std::string& name);
Result<FolderConfig> load_folder_config(const std::filesystem::path& folder);

}  // namespace inpaint::engine
