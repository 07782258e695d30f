// What one training sequence is about: a window of a document, holes in it, and the prompt around
// them.
//
// The prompt is laid out by the same code that use goes through (engine/prompt/prompt.h). What use
// decides by how a person types, training draws: where the holes are, how far below them the anchor
// lies, how the context is shared out between the text above and below.
//
// Units:  bytes of the document in, tokens out.   Thread rule: each thread its own random numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "engine/prompt/prompt.h"
#include "engine/training/corpus/corpus.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::engine {

struct SampleShape {
  int context = 512;  // rows of the prompt
  int area = 128;     // rows of the span area
  std::vector<int> block_widths{4, 8, 16};
  /// The context sees itself both ways, and learns nothing of its own: for comparisons only,
  /// because what is cached of such a context is void with every key.
  bool bidirectional = false;
  int most_holes = 4;  // of a text, 1 to 4

  int rows() const { return context + area; }
  int causal_rows() const { return bidirectional ? 0 : context; }  // the others see by a mask
};

/// Bytes that a document must have to be learnt from.
inline constexpr std::size_t kLeastDocument = 32;

/// Rows of one noised copy of a span of `length` tokens and its `<end>`.
int copy_rows(int length, int width);

/// The tree of a document; none of one without a grammar, and of one so large that it is drawn from
/// without.
std::optional<grammar::SyntaxTree> parsed(const Document& document);

/// A context and the tokens of its spans, cut to fit the shape.
struct SampleText {
  PromptParts parts;
  std::vector<std::vector<TokenId>> spans;  // as `<fill_j>`
  std::string memory;  // of the document and its neighbours: copy_hint_memory()
};

/// std::nullopt where the document has no room for a hole. In a format that does not cut tokens the first
/// hole begins where its span does: with the bytes that are held (prompt.h). `syntax`: its nodes suggest borders of
/// holes; may be null. `neighbours`: copy_hint_memory()'s.
std::optional<SampleText> draw_text(const PromptWriter& prompt, const SampleShape& shape,
                                    const Document& document, const grammar::SyntaxTree* syntax,
                                    std::span<const std::string> neighbours,
                                    std::mt19937_64& random);

/// Where `near` ends below a hole: at inference the anchor lies one to many lines below it, as it was set some
/// keys ago. `most`: bytes below the first hole, at most.
std::size_t draw_anchor(std::string_view text, std::span<const grammar::ByteRange> holes,
                        std::size_t most, std::mt19937_64& random);

/// Uniform in [0, 1) and in [0, n): written out, because the standard's distributions differ from
/// one library to the next and the order of training must not.
double draw_unit(std::mt19937_64& random);
std::size_t draw_below(std::mt19937_64& random, std::size_t n);

}  // namespace inpaint::engine
