// Prompts as use asks them: some of each document, in an order that the seed alone decides.
//
// A prompt has one hole, which begins where its span does (held_bytes(), prompt.h). What stands in the
// hole is not told: what masks learn is what the base writes there (base_writer.h). The holes of a document
// lie close together, and all its prompts begin at the same byte, so that they share the text above: encoding
// a context costs more than all that is learned behind it.
//
// Units:  tokens.   Thread rule: one thread.   Errors: bad_data, io_failed (from the corpus).
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/error.h"
#include "engine/prompt/prompt.h"
#include "engine/training/corpus/corpus.h"
#include "engine/training/corpus/sample_stream.h"

namespace inpaint::engine {

class PromptStream {
 public:
  /// Prompts of a document, at most.
  static constexpr int kOfDocument = 4;

  /// All outlive the stream. `context`: tokens of a prompt, at most; how many are shown is drawn.
  PromptStream(const Corpus& corpus, const PromptWriter& writer, std::uint64_t seed,
               StreamPlace start, int context)
      : corpus_(corpus), writer_(writer), seed_(seed), place_(start), context_(context) {}

  /// Of the next document that has room for a hole, from the top down.
  Result<std::vector<std::vector<TokenId>>> next();
  /// Where the stream goes on.
  StreamPlace place() const { return place_; }

 private:
  const Corpus& corpus_;
  const PromptWriter& writer_;
  std::uint64_t seed_;
  StreamPlace place_;
  int context_;
  std::vector<std::size_t> order_;
  int ordered_epoch_ = -1;
};

}  // namespace inpaint::engine
