#include "engine/training/adapter/draft_score.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace inpaint::engine {
namespace {

struct Tally {
  std::int64_t tokens = 0, forwards = 0;
  void add(int n, std::span<const int> agreed) {
    tokens += n;
    for (int at = 0; at < n; ++forwards) at += 1 + agreed[static_cast<std::size_t>(at)];
  }
  double per_forward() const {
    return forwards == 0 ? 1.0 : static_cast<double>(tokens) / static_cast<double>(forwards);
  }
};

/// The draft of every anchor, as draft indices [anchors, masks]: each behind the one on its left.
at::Tensor drafts(const AdapterNetwork& network, const MaskBatch& batch, const at::Tensor& logits) {
  const std::int64_t masks = network.shape().masks, anchors = batch.rows / masks;
  const at::Tensor of_anchors = logits.view({anchors, masks, -1});
  at::Tensor left = batch.left.view({anchors, masks}).select(1, 0);  // the causal row's own token
  std::vector<at::Tensor> chosen;
  for (std::int64_t d = 0; d < masks; ++d) {
    at::Tensor row = of_anchors.select(1, d);
    if (network.shape().markov_rank > 0) row = row + network.markov(left);
    left = row.argmax(-1);
    chosen.push_back(left);
  }
  return at::stack(chosen, 1);
}

/// Of the written tokens, those up to the first that ends a line.
int tokens_of_line(const Tokenizer& tokenizer, const WrittenSpan& span) {
  const auto written = std::span(span.tokens).subspan(1);
  const auto end = std::ranges::find_if(
      written, [&](TokenId token) { return tokenizer.decode({&token, 1}).contains('\n'); });
  return static_cast<int>(end - written.begin()) + (end == written.end() ? 0 : 1);
}

}  // namespace

DraftScores score_drafts(const AdapterNetwork& network, const Tokenizer& tokenizer,
                         std::span<const WrittenSpan> spans) {
  const at::NoGradGuard no_grad;
  const int masks = network.shape().masks;
  std::vector<std::int64_t> right(static_cast<std::size_t>(masks)), asked(right.size());
  Tally all, of_lines;
  double loss = 0.0;
  std::int64_t rows = 0;
  for (const WrittenSpan& span : spans) {
    const int n = static_cast<int>(span.tokens.size()) - 1;    // written tokens
    std::vector<int> agreed(static_cast<std::size_t>(n) + 1);  // of the draft behind each place
    const MaskBatch batch = network.batch({&span, 1});
    if (batch.rows > 0) {
      at::Tensor logits = network.logits(batch);
      const at::Tensor chosen = drafts(network, batch, logits);
      const at::Tensor hits = (chosen == batch.targets.view_as(chosen)).logical_and(chosen >= 0);
      if (network.shape().markov_rank > 0) logits = logits + network.markov(batch.left);
      loss +=
          at::cross_entropy_loss(logits, batch.targets, {}, at::Reduction::Sum, -1).item<double>();
      rows += batch.targets.ge(0).sum().item<std::int64_t>();
      const std::vector<int>& anchors = batch.parts.front().anchors;
      for (std::size_t i = 0; i < anchors.size(); ++i) {
        bool on_path = true;
        for (int d = 0; d < masks && anchors[i] + d + 2 <= n; ++d) {
          on_path = on_path && hits[static_cast<std::int64_t>(i)][d].item<bool>();
          ++asked[static_cast<std::size_t>(d)];
          right[static_cast<std::size_t>(d)] += on_path ? 1 : 0;
          agreed[static_cast<std::size_t>(anchors[i])] += on_path ? 1 : 0;
        }
      }
    }
    all.add(n, agreed);
    of_lines.add(tokens_of_line(tokenizer, span), agreed);
  }
  DraftScores scores{.per_forward = all.per_forward(),
                     .of_line_per_forward = of_lines.per_forward(),
                     .loss = rows == 0 ? 0.0 : loss / static_cast<double>(rows)};
  for (std::size_t d = 0; d < right.size(); ++d)
    scores.right.push_back(
        asked[d] == 0 ? 0.0 : static_cast<double>(right[d]) / static_cast<double>(asked[d]));
  return scores;
}

}  // namespace inpaint::engine
