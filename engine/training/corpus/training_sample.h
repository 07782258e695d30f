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
#include "engine/training/corpus/corpus.h"

namespace inpaint::grammar {
class SyntaxTree;
}

namespace inpaint::engine {

struct SampleShape {
  int context = 512;  // rows of the prompt
  int area = 128;     // rows of the span area
  std::vector<int> block_widths{4, 8, 16};
  /// The context sees itself both ways, and learns nothing of its own: for comparisons only, because
  /// what is cached of such a context is void with every key.
  bool bidirectional = false;

  int rows() const { return context + area; }
  int causal_rows() const { return bidirectional ? 0 : context; }  // the others see by a mask
};

struct LossWeights {
  float context = 0.5F;  // next token of the prompt
  float clean = 1.0F;    // next token of a span, `<end>` included
  float noised = 1.0F;   // masked token of a block
  float padding = 0.1F;  // what stands behind `<end>` in the last block
};

/// What a row is there for, and so which of the losses it counts to.
enum class RowKind : std::uint8_t { unused, context, clean, noised };

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

/// A context and the tokens of its spans, cut to fit the shape.
struct SampleText {
  PromptParts parts;
  std::vector<std::vector<TokenId>> spans;  // as `<fill_j>`
  std::string memory;  // of the document and its neighbours: copy_hint_memory()
};

/// Thread rule: immutable; any thread, each with its own source of random numbers.
class SampleWriter {
 public:
  SampleWriter(const Tokenizer& tokenizer, SpecialTokens special, SampleShape shape,
               LossWeights weights)
      : tokenizer_(tokenizer), special_(special), shape_(std::move(shape)), weights_(weights) {}

  /// Draws a window and holes from a document; std::nullopt where it has no room for a hole.
  /// `syntax`: its nodes suggest borders of holes; may be null. `neighbours`: copy_hint_memory()'s.
  std::optional<SampleText> draw(const Document& document, const grammar::SyntaxTree* syntax,
                                 std::span<const std::string> neighbours,
                                 std::mt19937_64& random) const;

  /// Lays the rows out. text.spans must not be empty, and each must fit the area with one copy.
  TrainingSample write(const SampleText& text, std::mt19937_64& random) const;

 private:
  const Tokenizer& tokenizer_;
  SpecialTokens special_;
  SampleShape shape_;
  LossWeights weights_;
};

}  // namespace inpaint::engine
