// An engine on published weights: a GGUF file, or a Hugging Face folder of the same block.
//
// Free of torch. Errors: those of the readers (engine/weights); bad_tokenizer.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/engine.h"

namespace inpaint::engine {

/// Whether `model` is for open_pretrained(): a file, or a folder whose config.json names a family other
/// than that of the embedded model.
bool is_pretrained(const std::filesystem::path& model);

Result<std::unique_ptr<Engine>> open_pretrained(const EngineOptions& options);

}  // namespace inpaint::engine
