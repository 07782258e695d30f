// Which model a command opens, and where it computes.
#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"

namespace inpaint::lsp {

struct ModelOptions {
  std::optional<std::string> folder;  // or name or .gguf file; else what was chosen
  engine::Device device = engine::Device::cpu;
  std::string prompt_format;  // of published weights; empty: that of their family
  std::string adapter;        // folder of a mask adapter, or "none"; empty: the one that fits
  double row_cost = 0.0;      // EngineOptions::row_cost
  int context_tokens = 0;     // to measure with; 0: the engine's choice
};

}  // namespace inpaint::lsp
