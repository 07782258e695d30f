#include "engine/training/corpus/sample_text.h"

#include <algorithm>
#include <string_view>

#include "engine/prompt/copy_hint.h"
#include "grammar/hole/hole_picker.h"

namespace inpaint::engine {
namespace {

using grammar::ByteRange;

// A parse costs about 0.1 ms a kilobyte; larger files are sampled without a tree.
constexpr std::size_t kMaxParsedBytes = 64 * 1024;
constexpr std::size_t kMaxSpanBytes = 220;
constexpr double kMeanBytesPerToken = 3.7;  // of source code, for guesses of size only

/// The first hole lies in the last two thirds of a window about as large as the context, as the
/// text above a cursor is worth more than the text below. Half of the texts have two to four holes.
std::vector<ByteRange> draw_holes(std::string_view text, const grammar::SyntaxTree* syntax,
                                  const SampleShape& shape, std::mt19937_64& random) {
  const auto window = static_cast<std::size_t>(shape.context * kMeanBytesPerToken);
  std::size_t begin = 0;
  std::size_t end = text.size();
  if (text.size() > window) {
    begin = draw_below(random, text.size() - window / 2);
    end = std::min(text.size(), begin + window);
  }
  const auto first = grammar::pick_hole(syntax, text, {begin, end}, kMaxSpanBytes, random);
  if (!first) return {};
  std::vector<ByteRange> holes{first->range};
  const int wanted = draw_unit(random) < 0.5 ? 1 : 2 + static_cast<int>(draw_below(random, 3));
  for (int tries = 0;
       tries < 6 && static_cast<int>(holes.size()) < std::min(wanted, shape.most_holes); ++tries) {
    const std::size_t from = holes.back().end + 8;
    if (from + 32 >= end) break;
    const auto next = grammar::pick_hole(syntax, text, {from, end}, kMaxSpanBytes, random);
    if (next && next->range.begin >= from) holes.push_back(next->range);
  }
  return holes;
}

/// The tokens of the holes that fit the area together, clean and once noised.
std::vector<std::vector<TokenId>> spans_that_fit(const Tokenizer& tokenizer, std::string_view text,
                                                 std::span<const ByteRange> holes,
                                                 const SampleShape& shape) {
  const int width = *std::ranges::max_element(shape.block_widths);
  std::vector<std::vector<TokenId>> spans;
  int area = 0;
  for (const ByteRange& hole : holes) {
    std::vector<TokenId> span = token_ids(tokenizer, text.substr(hole.begin, hole.size()));
    const int length = static_cast<int>(span.size());
    area += length + 2 + copy_rows(length, width);
    if (area > shape.area) break;
    spans.push_back(std::move(span));
  }
  return spans;
}

/// A far part of the same file plays the other file of which a snippet is shown, now and then.
void draw_snippet(PromptSource& source, std::mt19937_64& random) {
  if (draw_unit(random) >= 0.15) return;
  const std::size_t size = 160 + draw_below(random, 480);
  const bool above = source.begin > size;
  const bool under = source.end + size < source.text.size();
  if (!above && !under) return;
  const std::size_t at =
      above ? draw_below(random, source.begin - size)
            : source.end + draw_below(random, source.text.size() - source.end - size);
  source.snippets.push_back({source.path, source.text.substr(at, size)});
}

}  // namespace

std::optional<grammar::SyntaxTree> parsed(const Document& document) {
  // By the path first: a .tsx file is of the language typescript and has a grammar of its own.
  const grammar::Language* language = grammar::language_for_path(document.path);
  if (!language) language = grammar::language_by_name(document.language);
  if (!language || document.text.size() > kMaxParsedBytes) return std::nullopt;
  return grammar::SyntaxTree::parse(*language, document.text);
}

double draw_unit(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

std::size_t draw_below(std::mt19937_64& random, std::size_t n) {
  return static_cast<std::size_t>(draw_unit(random) * static_cast<double>(n));
}

int copy_rows(int length, int width) { return (length + width) / width * width; }

std::size_t draw_anchor(std::string_view text, std::span<const ByteRange> holes, std::size_t most,
                        std::mt19937_64& random) {
  const std::size_t hole_end = holes.front().end;
  const std::size_t reach = std::min(text.size(), hole_end + most);
  const auto borders = line_borders(text, hole_end, reach);
  std::size_t anchor = reach;
  if (!borders.empty()) {
    std::size_t line = 0;
    while (line + 1 < borders.size() && draw_unit(random) < 0.65) ++line;
    anchor = borders[line];
  }
  for (const ByteRange& hole : holes)
    if (hole.begin < anchor && anchor < hole.end) anchor = hole.end;
  return anchor;
}

std::optional<SampleText> draw_text(const PromptWriter& prompt, const SampleShape& shape,
                                    const Document& document, const grammar::SyntaxTree* syntax,
                                    std::span<const std::string> neighbours,
                                    std::mt19937_64& random) {
  const std::string_view text = document.text;
  if (text.size() < kLeastDocument) return std::nullopt;
  std::vector<ByteRange> holes = draw_holes(text, syntax, shape, random);
  if (holes.empty()) return std::nullopt;
  holes.front().begin -= held_bytes(prompt.tokenizer, prompt.format, text, holes.front().begin);
  SampleText sample;
  sample.spans = spans_that_fit(prompt.tokenizer, text, holes, shape);
  if (sample.spans.empty()) return std::nullopt;
  holes.resize(sample.spans.size());
  sample.memory = copy_hint_memory(text, holes, neighbours);

  const int max_near = prompt.format.max_near_tokens;
  const std::size_t bytes = static_cast<std::size_t>(shape.context) * kMostBytesPerToken;
  PromptSource source{.path = document.path, .text = text, .holes = holes};
  source.anchor =
      draw_anchor(text, holes, static_cast<std::size_t>(max_near) * kMostBytesPerToken, random);
  source.begin = holes.front().begin > bytes ? holes.front().begin - bytes : 0;
  source.end = std::min(text.size(), source.anchor + bytes);
  draw_snippet(source, random);
  const PromptShares shares{.near = std::min(max_near, shape.context / 4),
                            .whole_snippets_in_third = false,
                            .far = 0.15 + 0.2 * draw_unit(random)};
  sample.parts = prompt.lay_out(source, shares, shape.context);
  return sample;
}

}  // namespace inpaint::engine
