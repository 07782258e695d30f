#include "engine/training/corpus/training_sample.h"

#include <algorithm>
#include <cassert>

#include "grammar/hole/hole_picker.h"

namespace inpaint::engine {
namespace {

using grammar::ByteRange;

constexpr std::size_t kMaxSpanBytes = 220;
constexpr double kBytesPerToken = 3.7;  // of source code, for guesses of size only

/// Uniform in [0, 1) and in [0, n): written out, because the standard's distributions differ from
/// one library to the next and the order of training must not.
double unit(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }
std::size_t below(std::mt19937_64& random, std::size_t n) {
  return static_cast<std::size_t>(unit(random) * static_cast<double>(n));
}

int round_up(int n, int step) { return (n + step - 1) / step * step; }

/// The rows of a sample while they are laid out, one after the other.
class RowWriter {
 public:
  RowWriter(const SampleShape& shape, const SpecialTokens& special)
      : shape_(shape), next_(shape.context) {
    const auto rows = static_cast<std::size_t>(shape.rows());
    sample_.tokens.assign(rows, special.pad);
    sample_.positions.assign(rows, 0);
    sample_.targets.assign(rows, -1);
    sample_.weights.assign(rows, 0.0F);
    sample_.kinds.assign(rows, RowKind::unused);
    sample_.copy_hints.assign(rows, CopyHints{});
    sample_.visible.assign((rows - static_cast<std::size_t>(shape.causal_rows())) * rows, 0);
    // A row that is not used must see something, or its softmax has nothing to sum over.
    for (int row = shape.causal_rows(); row < shape.rows(); ++row) see(row, row, row + 1);
  }

  void write_context(const std::vector<TokenId>& context, const SpecialTokens& special,
                     const Tokenizer& tokenizer, float weight) {
    n_context_ = static_cast<int>(context.size());
    for (int i = 0; i < n_context_; ++i) {
      set(i, context[i], i, RowKind::context);
      if (shape_.bidirectional) {
        see(i, 0, n_context_);
        continue;
      }
      // Special tokens are placed by the engine; to predict them would be a waste.
      if (i + 1 < n_context_ && !tokenizer.is_special(context[i + 1]) && context[i] != special.pad)
        aim(i, context[i + 1], weight);
    }
  }

  int room() const { return shape_.rows() - next_; }
  int n_context() const { return n_context_; }

  /// Takes a row of the area and lets it see the context.
  int add(TokenId token, int position, RowKind kind) {
    assert(room() > 0);
    set(next_, token, position, kind);
    see(next_, 0, n_context_);
    return next_++;
  }

  void see(int row, int begin, int end) {
    auto* bits = sample_.visible.data() + static_cast<std::size_t>(row - shape_.causal_rows()) *
                                              static_cast<std::size_t>(shape_.rows());
    std::fill(bits + begin, bits + end, std::uint8_t{1});
  }

  void hint(int row, const std::vector<CopyHints>& hints) {
    std::ranges::copy(hints, sample_.copy_hints.begin() + row);
  }

  void aim(int row, TokenId target, float weight) {
    sample_.targets[row] = target;
    sample_.weights[row] = weight;
  }

  TrainingSample take() { return std::move(sample_); }

 private:
  void set(int row, TokenId token, int position, RowKind kind) {
    sample_.tokens[row] = token;
    sample_.positions[row] = position;
    sample_.kinds[row] = kind;
  }

  const SampleShape& shape_;
  TrainingSample sample_;
  int n_context_ = 0;
  int next_;
};

/// Rows of one noised copy of a span of `length` tokens and its `<end>`.
int copy_rows(int length, int width) { return round_up(length + 1, width); }

/// Which tokens a copy hides. Half of the copies hide everything: that is what the first forward
/// sees at inference, and where a draft comes from.
std::vector<bool> draw_masks(int length, std::mt19937_64& random) {
  const double ratio = unit(random) < 0.5 ? 1.0 : 0.1 + 0.8 * unit(random);
  std::vector<bool> masked(static_cast<std::size_t>(length));
  for (int i = 0; i < length; ++i) masked[i] = unit(random) < ratio;
  return masked;
}

bool all(const std::vector<bool>& bits) { return std::ranges::count(bits, false) == 0; }
bool none(const std::vector<bool>& bits) { return std::ranges::count(bits, true) == 0; }

/// A clean stream and what a noised copy of it needs to know.
struct CleanSpan {
  const std::vector<TokenId>* tokens;
  int first_row;            // of `<fill_j>`
  TokenId fill;             // `<fill_j>`
  std::string_view memory;  // SampleText's
  std::vector<TokenId>
      seen;  // by its rows, in order: the context and the earlier spans that it is shown
};

void write_copy(RowWriter& rows, const CleanSpan& span, int width, const std::vector<bool>& masked,
                const Tokenizer& tokenizer, const SpecialTokens& special,
                const LossWeights& weights) {
  const auto& tokens = *span.tokens;
  std::vector<TokenId> clean = span.seen;  // what the block sees
  const int length = static_cast<int>(tokens.size());
  const int total = copy_rows(length, width);
  clean.push_back(span.fill);
  for (int begin = 0; begin < total; begin += width) {
    int first = 0;
    std::vector<TokenId> block;
    for (int i = begin; i < begin + width; ++i) {
      // From `<end>` on everything is a mask until all to its left is set.
      const bool hidden = i >= length || masked[i];
      const int row =
          rows.add(hidden ? special.mask : tokens[i], rows.n_context() + 1 + i, RowKind::noised);
      if (i == begin) first = row;
      block.push_back(hidden ? special.mask : tokens[i]);
      if (hidden)
        rows.aim(row, i < length ? tokens[i] : special.end,
                 i <= length ? weights.noised : weights.padding);
    }
    for (int row = first; row < first + width; ++row) {
      rows.see(row, span.first_row, span.first_row + 1 + std::min(begin, length));
      rows.see(row, first, first + width);
    }
    const std::size_t n_clean = clean.size();
    clean.insert(clean.end(), block.begin(), block.end());
    rows.hint(first, find_copy_hints(tokenizer, special, clean, n_clean, n_clean, span.memory));
    clean.resize(n_clean);
    for (int i = begin; i < std::min(begin + width, length); ++i) clean.push_back(tokens[i]);
  }
}

}  // namespace

std::optional<SampleText> SampleWriter::draw(const Document& document,
                                             const grammar::SyntaxTree* syntax,
                                             std::span<const std::string> neighbours,
                                             std::mt19937_64& random) const {
  const std::string_view text = document.text;
  if (text.size() < 32) return std::nullopt;

  // Where in the document: a window about as large as the context, the first hole in its last two
  // thirds, as the text above a cursor is worth more than the text below.
  const auto window = static_cast<std::size_t>(shape_.context * kBytesPerToken);
  std::size_t begin = 0;
  std::size_t end = text.size();
  if (text.size() > window) {
    begin = below(random, text.size() - window / 2);
    end = std::min(text.size(), begin + window);
  }
  const auto first = grammar::pick_hole(syntax, text, {begin, end}, kMaxSpanBytes, random);
  if (!first) return std::nullopt;

  std::vector<ByteRange> holes{first->range};
  const int wanted = unit(random) < 0.5 ? 1 : 2 + static_cast<int>(below(random, 3));
  for (int tries = 0; tries < 6 && static_cast<int>(holes.size()) < wanted; ++tries) {
    const std::size_t from = holes.back().end + 8;
    if (from + 32 >= end) break;
    const auto next = grammar::pick_hole(syntax, text, {from, end}, kMaxSpanBytes, random);
    if (next && next->range.begin >= from) holes.push_back(next->range);
  }

  SampleText sample;
  const int width = *std::ranges::max_element(shape_.block_widths);
  int area = 0;
  for (std::size_t j = 0; j < holes.size(); ++j) {
    std::vector<TokenId> span = token_ids(tokenizer_, text.substr(holes[j].begin, holes[j].size()));
    const int length = static_cast<int>(span.size());
    const int rows = length + 2 + copy_rows(length, width);
    if (area + rows > shape_.area) {
      holes.resize(j);
      break;
    }
    area += rows;
    sample.spans.push_back(std::move(span));
  }
  if (sample.spans.empty()) return std::nullopt;
  sample.memory = copy_hint_memory(text, holes, neighbours);

  const auto encode = [&](std::size_t from, std::size_t to, std::size_t from_hole = 1) {
    return encode_around_holes(tokenizer_, special_, text, {from, to}, holes, from_hole);
  };
  // The anchor at inference lies one to many lines below the hole, as it was set some keys ago.
  const std::size_t hole_end = holes.front().end;
  const std::size_t reach = std::min(text.size(), hole_end + std::size_t{6} * kMaxNearTokens);
  const auto borders = line_borders(text, hole_end, reach);
  std::size_t anchor = reach;
  if (!borders.empty()) {
    std::size_t line = 0;
    while (line + 1 < borders.size() && unit(random) < 0.65) ++line;
    anchor = borders[line];
  }
  for (const ByteRange& hole : holes)
    if (hole.begin < anchor && anchor < hole.end) anchor = hole.end;
  auto& parts = sample.parts;
  parts.near = encode(hole_end, anchor);
  shorten(parts.near, std::min(kMaxNearTokens, shape_.context / 4));

  parts.path = token_ids(tokenizer_, shown_path(document.path));
  shorten(parts.path, std::min(24, shape_.context / 8));
  int left = shape_.context - 4 - static_cast<int>(parts.path.size() + parts.near.size());

  // Bytes beyond the budget need not be tokenised.
  const auto bytes = static_cast<std::size_t>(shape_.context) * 6;
  const std::size_t before_from = holes.front().begin > bytes ? holes.front().begin - bytes : 0;
  const std::size_t far_to = std::min(text.size(), anchor + bytes);

  // A far part of the same file plays the other file of which a snippet is shown.
  if (unit(random) < 0.15) {
    const std::size_t quoted = 160 + below(random, 480);
    const bool above = before_from > quoted;
    const bool under = far_to + quoted < text.size();
    if (above || under) {
      const std::size_t at = above ? below(random, before_from - quoted)
                                   : far_to + below(random, text.size() - far_to - quoted);
      PromptParts::Quote quote{parts.path, token_ids(tokenizer_, text.substr(at, quoted))};
      quote.text.resize(
          std::min<std::size_t>(quote.text.size(), static_cast<std::size_t>(left / 3)));
      left -= 1 + static_cast<int>(quote.path.size() + quote.text.size());
      parts.snippets.push_back(std::move(quote));
    }
  }

  parts.before = encode(before_from, holes.front().begin);
  parts.far = encode(anchor, far_to, first_hole_behind(holes, anchor));
  const int n_before = static_cast<int>(parts.before.size());
  const int n_far = static_cast<int>(parts.far.size());
  const int share = static_cast<int>(left * (0.15 + 0.2 * unit(random)));
  const int far_room = std::min(n_far, std::max(share, left - n_before));
  parts.far.resize(static_cast<std::size_t>(far_room));
  const int dropped = std::max(0, n_before - (left - far_room));
  parts.before.erase(parts.before.begin(), parts.before.begin() + dropped);
  return sample;
}

TrainingSample SampleWriter::write(const SampleText& text, std::mt19937_64& random) const {
  RowWriter rows(shape_, special_);
  const std::vector<TokenId> context = assemble(special_, text.parts);
  rows.write_context(context, special_, tokenizer_, weights_.context);
  rows.hint(0, find_copy_hints(tokenizer_, special_, context, 0, context.size()));
  const int width = shape_.block_widths[below(random, shape_.block_widths.size())];
  const bool sees_earlier_spans = unit(random) < 0.5;

  std::vector<CleanSpan> spans;
  std::vector<TokenId> shown = context;  // and the spans so far, where later ones see them
  for (std::size_t j = 0; j < text.spans.size(); ++j) {
    const auto& tokens = text.spans[j];
    const int length = static_cast<int>(tokens.size());
    int first = 0;
    for (int i = 0; i <= length + 1; ++i) {
      const TokenId token = i == 0 ? special_.fill[j] : i <= length ? tokens[i - 1] : special_.end;
      const int row = rows.add(token, rows.n_context() + i, RowKind::clean);
      if (i == 0) first = row;
      rows.see(row, first, row + 1);
      if (i <= length) rows.aim(row, i < length ? tokens[i] : special_.end, weights_.clean);
    }
    std::vector<TokenId> seen = sees_earlier_spans ? shown : context;
    shown.push_back(special_.fill[j]);
    shown.insert(shown.end(), tokens.begin(), tokens.end());
    shown.push_back(special_.end);
    std::vector<TokenId> clean = seen;
    clean.insert(clean.end(), shown.end() - length - 2, shown.end());
    rows.hint(first,
              find_copy_hints(tokenizer_, special_, clean, seen.size(), clean.size(), text.memory));
    spans.push_back({&tokens, first, special_.fill[j], text.memory, std::move(seen)});
  }

  const int n_clean_end = shape_.rows() - rows.room();
  const auto see_earlier = [&](std::size_t j, int begin, int end) {
    if (!sees_earlier_spans || j == 0) return;
    for (int row = begin; row < end; ++row) rows.see(row, spans[0].first_row, spans[j].first_row);
  };
  for (std::size_t j = 0; j < spans.size(); ++j)
    see_earlier(j, spans[j].first_row, j + 1 < spans.size() ? spans[j + 1].first_row : n_clean_end);

  // Every span gets one copy, then as many more as there is room for, with complementary masks:
  // what one copy hides the next one shows.
  std::vector<std::vector<bool>> masks(spans.size());
  [[maybe_unused]] bool first_round = true;  // for the assertion alone
  for (bool wrote = true; wrote; first_round = false) {
    wrote = false;
    for (std::size_t j = 0; j < spans.size(); ++j) {
      const int length = static_cast<int>(spans[j].tokens->size());
      if (copy_rows(length, width) > rows.room()) continue;
      const bool complement = !masks[j].empty() && !all(masks[j]) && !none(masks[j]);
      if (complement) masks[j].flip();
      else masks[j] = draw_masks(length, random);
      const int begin = shape_.rows() - rows.room();
      write_copy(rows, spans[j], width, masks[j], tokenizer_, special_, weights_);
      see_earlier(j, begin, shape_.rows() - rows.room());
      if (complement) masks[j].clear();
      wrote = true;
    }
    assert(!first_round || wrote);
  }
  return rows.take();
}

}  // namespace inpaint::engine
