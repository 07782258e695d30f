// Which model a command opens, and where it computes.
#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"

namespace inpaint::lsp {

struct ModelOptions {
  std::optional<std::string> folder;  // else where models are kept
  engine::Device device = engine::Device::cpu;
};

}  // namespace inpaint::lsp
