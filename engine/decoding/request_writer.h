// Writes the holes of one request behind its encoded context, and turns tokens into text.
//
// The holes of an alternative are written in the order of the text, each seeing those before it closed, as
// in training. A name that one of them gives is scored for those behind it and taken where the model is not
// surer of something else (given_name.h).
//
// Thread rule: engine thread only. Errors: cancelled, and those of the model.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/decoding/span_decoder.h"
#include "engine/engine.h"

namespace inpaint::engine {

class RequestWriter {
 public:
  /// All outlive the writer. The first `context_length` rows of the cache are the context.
  struct Parts {
    const SpanDecoder& decoder;
    const Tokenizer& tokenizer;
    const SpecialTokens& special;
    int block_width;  // 0: the model was trained without masks
    bool diffuses;    // else diffusion is lossless decoding
    const FillRequest& request;
    int context_length;
    KeyValueCache& cache;
    std::string_view held = {};  // bytes in front of the first hole that the context does not show
  };
  explicit RequestWriter(Parts parts) : parts_(parts) {}

  /// Scores all drafts but the first of the first hole: that one is read, and scored, by write(0).
  Result<void> score_drafts();

  /// The alternative of this number; number 0 is greedy, the others are sampled.
  Result<Alternative> write(int number);

  /// FillReply::drafts, after score_drafts() and write(0).
  std::vector<std::vector<Fill>> take_drafts() { return std::move(drafts_); }

  int forwards() const { return forwards_; }  // of all that was written
  bool deadline_reached() const { return deadline_reached_; }

 private:
  /// Of an alternative, as far as it is written.
  struct Progress {
    std::vector<Row> pending;        // clean rows that the cache lacks
    std::vector<std::string> names;  // that the fills so far have given
  };

  /// How the span of the first hole begins: asked once, the same for all alternatives.
  Result<void> open_first();
  Result<Fill> write_hole(int hole, int number, Progress& progress);
  /// The likeliest of the names that fits the hole, if any does.
  Result<std::optional<Fill>> best_name(int hole, const Progress& progress);
  Result<std::vector<Fill>> scored(int hole, std::span<const std::vector<TokenId>> drafts,
                                   std::span<const Row> pending);
  /// `held`: how many bytes of the tokens stand in front of the hole.
  Fill scored_as(std::span<const TokenId> tokens, const DraftScore& score, std::size_t held) const;
  /// With the held bytes in front of it.
  std::vector<TokenId> draft_tokens(int hole, const std::string& draft) const;
  SpanTask task_for(int hole, int number) const;
  const Hole& hole_at(int hole) const {
    return parts_.request.holes[static_cast<std::size_t>(hole)];
  }

  std::string_view held_before(int hole) const {
    return hole == 0 ? parts_.held : std::string_view();
  }

  Parts parts_;
  std::optional<SpanOpening> opening_;
  std::vector<std::vector<Fill>> drafts_;  // of each hole; what is not scored is of no probability
  int forwards_ = 0;
  bool deadline_reached_ = false;
};

}  // namespace inpaint::engine
