// An engine on published weights: a GGUF file, or a Hugging Face folder of the same block.
//
// Free of torch. Errors: those of the readers (engine/weights); bad_tokenizer.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "engine/engine.h"
#include "engine/prompt/fim_family.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/weights/mask_adapter.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {

/// What the files of a model give.
struct PretrainedParts {
  PretrainedConfig config;
  PretrainedWeights weights;
  Tokenizer tokenizer;
  FimSetting setting;
  std::optional<MaskAdapter> adapter = std::nullopt;  // none where the files alone were loaded

  /// Tokens that no text is made of. A file may declare tokens of text for its prompt.
  std::vector<TokenId> never_proposed() const;
};
Result<PretrainedParts> load_pretrained_parts(const EngineOptions& options);

Result<std::unique_ptr<Engine>> open_pretrained(const EngineOptions& options);

}  // namespace inpaint::engine
