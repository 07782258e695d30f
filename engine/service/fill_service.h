// Answers one fill request on top of a model: lays out the context, encodes what is new of it, and
// has the alternatives written (request_writer.h).
//
// Thread rule: one thread at a time, as engine.h says.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/decoding/context_cache.h"
#include "engine/decoding/draft_policy.h"
#include "engine/decoding/span_decoder.h"
#include "engine/engine.h"
#include "engine/prompt/inpaint_format.h"
#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {

/// What the model was trained with.
struct FillLimits {
  int context_tokens = 512;
  std::vector<int> block_widths{8};  // ascending; none: it has no masks
  int max_positions = 2048;
  const PromptFormat* format = &kInpaint1;
  double row_cost = 0.0;  // EngineOptions::row_cost
};

/// The one that suits the model's masks.
std::unique_ptr<DraftPolicy> draft_policy_of(const ModelTraits& traits, double row_cost);

class FillService {
 public:
  FillService(Model& model, const Tokenizer& tokenizer, const SpecialTokens& special,
              FillLimits limits)
      : model_(model),
        tokenizer_(tokenizer),
        special_(special),
        limits_(std::move(limits)),
        contexts_(model, tokenizer, special),
        drafts_(draft_policy_of(model.traits(), limits_.row_cost)) {}

  /// Errors: of check_request() and of the model; `internal` where something throws. After an error
  /// the contexts are forgotten: a forward that broke off may have left keys of some layers only.
  Result<FillReply> fill(const FillRequest& request);
  /// Engine::refresh().
  Result<void> refresh(const std::stop_token& stop);

 private:
  Result<FillReply> answer(const FillRequest& request);
  /// One hole after another, in the order of the text: each sees those before it filled, and those
  /// behind it as they are. For formats that have no stand-in for a hole.
  Result<FillReply> answer_in_turn(const FillRequest& request);

  Model& model_;
  const Tokenizer& tokenizer_;
  const SpecialTokens& special_;
  FillLimits limits_;
  ContextCache contexts_;
  std::unique_ptr<DraftPolicy> drafts_;         // what it learns counts for all requests
  std::map<std::string, std::size_t> anchors_;  // by path: bytes from the anchor to the end
};

/// bad_argument, naming the hole, where a request makes no sense.
Result<void> check_request(const FillRequest& request, int max_positions, int context_tokens);

}  // namespace inpaint::engine
