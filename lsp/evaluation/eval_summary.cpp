#include "lsp/evaluation/eval_summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lsp/bench/bench_report.h"
#include "lsp/evaluation/text_scores.h"

namespace inpaint::lsp {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAll = "all";

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> known_share(std::size_t part, std::size_t whole) {
  return whole == 0 ? std::nullopt : std::optional(share(part, whole));
}

std::vector<ThresholdRow> thresholds_of(std::span<const ScoredCase* const> cases) {
  constexpr std::array kThresholds = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};
  std::vector<ThresholdRow> rows;
  if (std::ranges::none_of(cases, [](const auto* c) { return c->probability.has_value(); }))
    return rows;
  for (const double threshold : kThresholds) {
    std::size_t shown = 0;
    std::size_t right = 0;
    for (const ScoredCase* one : cases) {
      if (!one->shown || one->probability.value_or(0.0) < threshold) continue;
      ++shown;
      right += one->exact ? 1 : 0;
    }
    rows.push_back({threshold, share(shown, cases.size()), known_share(right, shown)});
  }
  return rows;
}

SummaryRow row_of(std::string language, std::string kind, std::string length,
                  std::span<const ScoredCase* const> cases) {
  SummaryRow row;
  row.language = std::move(language);
  row.kind = std::move(kind);
  row.length = std::move(length);
  row.cases = cases.size();
  std::size_t exact = 0;
  std::size_t exact_of_three = 0;
  std::size_t shown = 0;
  std::size_t right = 0;
  std::size_t known = 0;
  std::size_t kept = 0;
  double similarity = 0.0;
  double tokens = 0.0;
  double forwards = 0.0;
  double denoise = 0.0, prefix = 0.0;
  std::vector<double> milliseconds;
  for (const ScoredCase* one : cases) {
    exact += one->exact ? 1 : 0;
    exact_of_three += one->exact_of_three ? 1 : 0;
    shown += one->shown ? 1 : 0;
    right += one->shown && one->exact ? 1 : 0;
    known += one->promise_kept.has_value() ? 1 : 0;
    kept += one->promise_kept.value_or(false) ? 1 : 0;
    similarity += one->similarity;
    tokens += one->tokens;
    forwards += one->forwards;
    milliseconds.push_back(one->milliseconds);
    denoise += one->denoise_milliseconds;
    prefix += one->prefix_milliseconds;
    if (!one->written.empty()) row.written[one->written] += 1.0;
  }
  double n_written = 0.0;
  for (const auto& [what, n] : row.written) n_written += n;
  for (auto& [what, n] : row.written) n /= n_written;
  row.exact = share(exact, cases.size());
  row.exact_of_three = share(exact_of_three, cases.size());
  row.similarity = similarity / static_cast<double>(cases.size());
  row.promise_kept = known_share(kept, known);
  row.coverage = share(shown, cases.size());
  row.precision = known_share(right, shown);
  if (forwards > 0.0) row.tokens_per_forward = tokens / forwards;
  if (denoise > 0.0) row.prefix_share = prefix / denoise;
  row.p50_ms = percentile(milliseconds, 0.5);
  row.p95_ms = percentile(milliseconds, 0.95);
  row.thresholds = thresholds_of(cases);
  return row;
}

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(rounded(*value, 1e4)) : Json(nullptr);
}

Json shares_or_null(const std::map<std::string, double>& shares) {
  Json json;
  for (const auto& [what, one] : shares) json[what] = rounded(one, 1e4);
  return json;
}

Json rows_of(std::span<const SummaryRow> summarised) {
  Json rows = Json::array();
  for (const SummaryRow& row : summarised) {
    Json thresholds = Json::array();
    for (const ThresholdRow& one : row.thresholds)
      thresholds.push_back({{"threshold", one.threshold},
                            {"coverage", rounded(one.coverage, 1e4)},
                            {"precision", number_or_null(one.precision)}});
    rows.push_back({{"language", row.language},
                    {"kind", row.kind},
                    {"length", row.length},
                    {"cases", row.cases},
                    {"exact", rounded(row.exact, 1e4)},
                    {"exact_of_three", rounded(row.exact_of_three, 1e4)},
                    {"similarity", rounded(row.similarity, 1e2)},
                    {"promise_kept", number_or_null(row.promise_kept)},
                    {"coverage", rounded(row.coverage, 1e4)},
                    {"precision", number_or_null(row.precision)},
                    {"tokens_per_forward", number_or_null(row.tokens_per_forward)},
                    {"written", shares_or_null(row.written)},
                    {"prefix_share", number_or_null(row.prefix_share)},
                    {"p50_ms", rounded(row.p50_ms, 1e3)},
                    {"p95_ms", rounded(row.p95_ms, 1e3)},
                    {"thresholds", std::move(thresholds)}});
  }
  return rows;
}

std::string percent(const std::optional<double>& value) {
  return value ? fmt::format("{:.1f}", *value * 100.0) : "-";
}

}  // namespace

ScoredCase score(const EvalCase& asked, const EvalResult& answer) {
  ScoredCase scored;
  scored.language = asked.language;
  scored.kind = asked.kind ? std::string(to_string(*asked.kind)) : answer.kind;
  scored.bytes = trimmed_for_scoring(asked.target).size();
  scored.shown = !trimmed_for_scoring(answer.text).empty();
  scored.exact = is_exact_match(answer.text, asked.target);
  scored.exact_of_three =
      scored.exact || std::ranges::any_of(answer.others, [&](const std::string& other) {
        return is_exact_match(other, asked.target);
      });
  scored.similarity = edit_similarity(answer.text, asked.target);
  if (scored.shown && answer.errors_after && answer.errors_baseline)
    scored.promise_kept = *answer.errors_after <= *answer.errors_baseline;
  scored.probability = answer.probability;
  scored.written = answer.written;
  scored.tokens = answer.tokens;
  scored.forwards = answer.forwards;
  scored.milliseconds = answer.milliseconds;
  scored.denoise_milliseconds = answer.denoise_milliseconds;
  scored.prefix_milliseconds = answer.prefix_milliseconds;
  return scored;
}

std::vector<SummaryRow> summarise(std::span<const ScoredCase> cases) {
  // "all" is put behind every name by the key's first part.
  using Key = std::pair<std::pair<bool, std::string>, std::pair<bool, std::string>>;
  std::map<Key, std::vector<const ScoredCase*>> groups;
  for (const ScoredCase& one : cases)
    for (const bool all_languages : {false, true})
      for (const bool all_kinds : {false, true})
        groups[{{all_languages, all_languages ? kAll : one.language},
                {all_kinds, all_kinds ? kAll : one.kind}}]
            .push_back(&one);
  std::vector<SummaryRow> rows;
  rows.reserve(groups.size());
  for (const auto& [key, group] : groups)
    rows.push_back(row_of(key.first.second, key.second.second, kAll, group));
  return rows;
}

std::vector<SummaryRow> summarise_by_length(std::span<const ScoredCase> cases) {
  struct Length {
    const char* name;
    std::size_t most;
  };
  constexpr std::array kLengths = {Length{"1-16", 16}, Length{"17-64", 64}, Length{"65-160", 160},
                                   Length{"over 160", std::string::npos}};
  std::vector<SummaryRow> rows;
  std::size_t least = 0;
  for (const Length& length : kLengths) {
    std::vector<const ScoredCase*> group;
    for (const ScoredCase& one : cases)
      if (least <= one.bytes && one.bytes <= length.most) group.push_back(&one);
    if (!group.empty()) rows.push_back(row_of(kAll, kAll, length.name, group));
    least = length.most + 1;
  }
  return rows;
}

std::string to_json(const EvalSummary& summary) {
  const Json json = {{"mode", summary.mode},
                     {"gate", summary.gate},
                     {"model", summary.model.empty() ? Json(nullptr) : Json(summary.model)},
                     {"rows", rows_of(summary.rows)},
                     {"lengths", rows_of(summary.lengths)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}
std::string to_table(const EvalSummary& summary) {
  std::string table =
      fmt::format("{:<12} {:<10} {:>6} {:>7} {:>8} {:>10} {:>8} {:>8} {:>9} {:>8} {:>8} {:>8}\n",
                  summary.mode, "kind", "cases", "exact %", "of three", "similarity", "promise",
                  "shown %", "precision", "tok/fwd", "p50 ms", "p95 ms");
  for (const SummaryRow& row : summary.rows) {
    table += fmt::format(
        "{:<12} {:<10} {:>6} {:>7} {:>8} {:>10.1f} {:>8} {:>8} {:>9} {:>8} {:>8.2f} {:>8.2f}\n",
        row.language, row.kind, row.cases, percent(row.exact), percent(row.exact_of_three),
        row.similarity, percent(row.promise_kept), percent(row.coverage), percent(row.precision),
        row.tokens_per_forward ? fmt::format("{:.2f}", *row.tokens_per_forward) : "-", row.p50_ms,
        row.p95_ms);
  }
  if (summary.rows.empty() || summary.rows.back().written.empty()) return table;
  table += "what the model wrote first:";
  const char* separator = " ";
  for (const auto& [what, one] : summary.rows.back().written) {
    table += fmt::format("{}{} {} %", separator, what, percent(one));
    separator = ", ";
  }
  if (const auto& prefix_share = summary.rows.back().prefix_share)
    table += fmt::format("; the viable prefix took {} % of denoising", percent(prefix_share));
  table += "\n";
  return table;
}

}  // namespace inpaint::lsp
