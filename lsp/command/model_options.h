// Which model a command opens, and where it computes.
#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"

namespace inpaint::lsp {

struct ModelOptions {
  std::optional<std::string> folder;  // or name or .gguf file; else what was chosen
  engine::Device device = engine::Device::cpu;
  std::string prompt_format;  // empty, 0: what the model is asked with; others to measure with
  int context_tokens = 0;
};

}  // namespace inpaint::lsp
