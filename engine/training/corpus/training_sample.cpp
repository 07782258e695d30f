#include "engine/training/corpus/training_sample.h"

#include <algorithm>
#include <cassert>

namespace inpaint::engine {
namespace {

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

/// Which tokens a copy hides. Half of the copies hide everything: that is what the first forward
/// sees at inference, and where a draft comes from.
std::vector<bool> draw_masks(int length, std::mt19937_64& random) {
  const double ratio = draw_unit(random) < 0.5 ? 1.0 : 0.1 + 0.8 * draw_unit(random);
  std::vector<bool> masked(static_cast<std::size_t>(length));
  for (int i = 0; i < length; ++i) masked[i] = draw_unit(random) < ratio;
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
      const RowKind kind = i <= length ? RowKind::noised : RowKind::padding;
      const TokenId token = hidden ? special.mask : tokens[i];
      const int row = rows.add(token, rows.n_context() + 1 + i, kind);
      if (i == begin) first = row;
      block.push_back(token);
      if (hidden)
        rows.aim(row, i < length ? tokens[i] : special.end,
                 kind == RowKind::noised ? weights.noised : weights.padding);
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

TrainingSample SampleWriter::write(const SampleText& text, std::mt19937_64& random) const {
  RowWriter rows(shape_, prompt_.special);
  const std::vector<TokenId> context = prompt_.assemble(text.parts);
  rows.write_context(context, prompt_.special, prompt_.tokenizer, weights_.context);
  rows.hint(0, find_copy_hints(prompt_.tokenizer, prompt_.special, context, 0, context.size()));
  const int width = shape_.block_widths[draw_below(random, shape_.block_widths.size())];
  const bool sees_earlier_spans = draw_unit(random) < 0.5;

  std::vector<CleanSpan> spans;
  std::vector<TokenId> shown = context;  // and the spans so far, where later ones see them
  for (std::size_t j = 0; j < text.spans.size(); ++j) {
    const auto& tokens = text.spans[j];
    const int length = static_cast<int>(tokens.size());
    int first = 0;
    for (int i = 0; i <= length + 1; ++i) {
      const TokenId token = i == 0        ? prompt_.special.fill[j]
                            : i <= length ? tokens[i - 1]
                                          : prompt_.special.end;
      const int row = rows.add(token, rows.n_context() + i, RowKind::clean);
      if (i == 0) first = row;
      rows.see(row, first, row + 1);
      if (i <= length) rows.aim(row, i < length ? tokens[i] : prompt_.special.end, weights_.clean);
    }
    std::vector<TokenId> seen = sees_earlier_spans ? shown : context;
    shown.push_back(prompt_.special.fill[j]);
    shown.insert(shown.end(), tokens.begin(), tokens.end());
    shown.push_back(prompt_.special.end);
    std::vector<TokenId> clean = seen;
    clean.insert(clean.end(), shown.end() - length - 2, shown.end());
    rows.hint(first, find_copy_hints(prompt_.tokenizer, prompt_.special, clean, seen.size(),
                                     clean.size(), text.memory));
    spans.push_back({&tokens, first, prompt_.special.fill[j], text.memory, std::move(seen)});
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
      write_copy(rows, spans[j], width, masks[j], prompt_.tokenizer, prompt_.special, weights_);
      see_earlier(j, begin, shape_.rows() - rows.room());
      if (complement) masks[j].clear();
      wrote = true;
    }
    assert(!first_round || wrote);
  }
  return rows.take();
}

}  // namespace inpaint::engine
