// Answers one fill request on top of a model: lays out the context, encodes what is new of it, and has
// the alternatives written (request_writer.h).
//
// Thread rule: engine thread only.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/decoding/context_cache.h"
#include "engine/decoding/mask_trust.h"
#include "engine/decoding/span_decoder.h"
#include "engine/engine.h"
#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {

/// What the model was trained with.
struct FillLimits {
  int context_tokens = 512;
  std::vector<int> block_widths{8};  // ascending
  int max_positions = 2048;
};

class FillService {
 public:
  FillService(Model& model, const Tokenizer& tokenizer, const SpecialTokens& special,
              FillLimits limits)
      : model_(model),
        tokenizer_(tokenizer),
        special_(special),
        limits_(std::move(limits)),
        contexts_(model, tokenizer, special) {}

  Result<FillReply> fill(const FillRequest& request);

 private:
  Model& model_;
  const Tokenizer& tokenizer_;
  const SpecialTokens& special_;
  FillLimits limits_;
  ContextCache contexts_;
  MaskTrust trust_;
  std::map<std::string, std::size_t> anchors_;  // by path: bytes from the anchor to the end
};

/// bad_argument, naming the hole, where a request makes no sense.
Result<void> check_request(const FillRequest& request, int max_positions, int context_tokens);

}  // namespace inpaint::engine
