// One training sequence: a context with holes, and the spans that fill them, clean and noised.
//
// Rows 0 … context-1 are the prompt of engine/prompt/prompt.h, padded at its end. The rows behind
// it are the span area. For hole j it holds a clean stream (`<fill_j>`, the tokens, `<end>`), which
// learns to predict the next token, and noised copies of the span in blocks of masks and visible
// tokens, which learn to predict what is masked, in its own place. Positions of every span start
// where its context ends. Area that is left is given to more copies with other noise.
//
//   who sees whom: a context row sees the context up to itself; a clean row the context, the clean
//   rows of its span up to itself and, in half of the sequences, those of earlier spans; a row of
//   block b also the clean rows of its span up to the block, and its own block whole.
//
// Units:  tokens; shapes in words below.    Cost: O(area (context + area)), no parsing.
// Source: block diffusion, arXiv 2503.09573 section 3; complementary masks, arXiv 2509.26328
//         section 3; ARCHITECTURE.md, "The embedded model".
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "engine/prompt/copy_hint_lookup.h"
#include "engine/prompt/prompt.h"
#include "engine/training/corpus/sample_text.h"

namespace inpaint::engine {

struct LossWeights {
  float context = 0.5F;  // next token of the prompt
  float clean = 1.0F;    // next token of a span, `<end>` included
  float noised = 1.0F;   // masked token of a block
  float padding = 0.1F;  // what stands behind `<end>` in the last block
};

/// What a row is there for, and so which of the losses it counts to.
enum class RowKind : std::uint8_t {
  unused,
  context,
  clean,
  noised,   // of a block: a token of the span, or `<end>`
  padding,  // of a block: a mask behind `<end>`; learned a little, never measured
};

struct TrainingSample {
  std::vector<TokenId> tokens;        // [rows]
  std::vector<int> positions;         // [rows]
  std::vector<TokenId> targets;       // [rows], -1: none
  std::vector<float> weights;         // [rows], 0: none
  std::vector<RowKind> kinds;         // [rows]
  std::vector<CopyHints> copy_hints;  // [rows]
  // [rows - causal rows, rows], 1: the row may see the other
  std::vector<std::uint8_t> visible;
};

/// Thread rule: immutable; any thread, each with its own source of random numbers.
class SampleWriter {
 public:
  SampleWriter(const PromptWriter& prompt, SampleShape shape, LossWeights weights)
      : prompt_(prompt), shape_(std::move(shape)), weights_(weights) {}

  /// draw_text() for this format and shape.
  std::optional<SampleText> draw(const Document& document, const grammar::SyntaxTree* syntax,
                                 std::span<const std::string> neighbours,
                                 std::mt19937_64& random) const {
    return draw_text(prompt_, shape_, document, syntax, neighbours, random);
  }

  /// Lays the rows out. text.spans must not be empty, and each must fit the area with one copy.
  TrainingSample write(const SampleText& text, std::mt19937_64& random) const;

 private:
  PromptWriter prompt_;
  SampleShape shape_;
  LossWeights weights_;
};

}  // namespace inpaint::engine
