// Where a server's engines come from: the one that is wanted, and one that answers until that is there.
//
// Published weights take seconds to read, the embedded model a fraction of one. Which of them is wanted
// is not known here.
//
// Thread rule: both are called on threads of the worker (engine_worker.h), not at the same time.
// Errors: of opening, as values.
#pragma once

#include <functional>
#include <memory>

#include "engine/base/load_progress.h"
#include "engine/engine.h"

namespace inpaint::lsp {

struct EngineSource {
  std::function<engine::Result<std::unique_ptr<engine::Engine>>(const engine::Loading&)> open;
  /// Null, or an answer that is null: what is wanted opens as fast by itself.
  std::function<engine::Result<std::unique_ptr<engine::Engine>>()> open_stand_in = {};
};

}  // namespace inpaint::lsp
