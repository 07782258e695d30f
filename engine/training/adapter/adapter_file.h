// Writes an adapter as engine/weights/mask_adapter.h reads it.
//
// Errors: io_failed; bad_argument where the tensors are none of that format.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/weights/adapter_config.h"

namespace inpaint::engine {

/// `tensors`: f32, by their names in the file. Each file is written whole or not at all.
Result<void> save_adapter(const std::filesystem::path& folder, const AdapterConfig& config,
                          const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                          const std::vector<TokenId>& draft_tokens);

}  // namespace inpaint::engine
