#include "engine/decoding/span_forward.h"

namespace inpaint::engine {

Result<ForwardOutcome> run_rows(Model& model, KeyValueCache& cache, ForwardRows& rows,
                                const Asked& asked, TokenId end) {
  for (int row = asked.clean.begin; row < asked.clean.end; ++row) {
    const auto next = static_cast<std::size_t>(row - asked.clean.begin);
    rows.ask(row, next < asked.drafted.size() ? asked.drafted[next] : end);
  }
  for (const int row : asked.block) rows.ask(row, end);
  auto distributions = model.forward(cache, rows.input());
  if (!distributions) return std::unexpected(distributions.error());
  const auto middle = distributions->begin() + (asked.clean.end - asked.clean.begin);
  return ForwardOutcome{{distributions->begin(), middle}, {middle, distributions->end()}};
}

std::vector<Row> rows_of(std::span<const TokenId> tokens, int position) {
  std::vector<Row> rows;
  rows.reserve(tokens.size());
  for (const TokenId token : tokens) rows.push_back({token, position++});
  return rows;
}

DraftScore score_of(std::span<const Distribution> rows) {
  DraftScore score;
  for (const Distribution& row : rows) score.probabilities.push_back(row.wanted);
  score.end_probability = score.probabilities.back();
  score.probabilities.pop_back();
  return score;
}

Error cancelled_error() { return {ErrorCode::cancelled, "fill", "cancelled by the caller", ""}; }

}  // namespace inpaint::engine
