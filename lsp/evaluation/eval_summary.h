// The figures of an evaluation: by language and kind, by length of what was cut out, and over all.
//
//   exact          share of the cases whose fill equals what was cut out (text_scores.h)
//   of three       the same of any of the three texts that are offered
//   similarity     mean edit similarity, 0 ... 100
//   promise kept   share, of what is shown and parsed, with errors_after <= errors_baseline
//   coverage       share of the cases in which something is shown
//   precision      exact matches among what is shown
//   tokens/forward all tokens through all forwards
//   written        what became of the model's first texts, as shares of all that it wrote
//   prefix share   of the time spent denoising, the viable prefix's
//   p50, p95       milliseconds of a case, by nearest rank
// Coverage and precision are also given for thresholds of the probability, which is how a gate is
// chosen: what would be shown, and how much of it would be right.
//
// Units: shares are 0 ... 1, milliseconds.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lsp/evaluation/eval_case.h"
#include "lsp/evaluation/eval_result.h"

namespace inpaint::lsp {

/// One case with its answer, scored.
struct ScoredCase {
  std::string language;
  std::string kind;       // of the case; of the answer where the case names none
  std::size_t bytes = 0;  // of what was cut out
  bool exact = false;
  bool exact_of_three = false;
  double similarity = 0.0;
  bool shown = false;
  std::optional<bool> promise_kept;
  std::optional<double> probability;
  std::string written;
  int tokens = 0;
  int forwards = 0;
  double milliseconds = 0.0;
  double denoise_milliseconds = 0.0, prefix_milliseconds = 0.0;
};

ScoredCase score(const EvalCase& asked, const EvalResult& answer);

struct ThresholdRow {
  double threshold = 0.0;  // shown are those with at least this probability
  double coverage = 0.0;
  std::optional<double> precision;  // nothing is shown: unknown
};

struct SummaryRow {
  std::string language;  // "all": every language
  std::string kind;      // "all": every kind
  std::string length;    // of what was cut out, in bytes: "17-64"; "all": any
  std::size_t cases = 0;
  double exact = 0.0;
  double exact_of_three = 0.0;
  double similarity = 0.0;
  std::optional<double> promise_kept;
  double coverage = 0.0;
  std::optional<double> precision;
  std::optional<double> tokens_per_forward;
  std::map<std::string, double> written;  // empty without a model
  std::optional<double> prefix_share;
  double p50_ms = 0.0;
  double p95_ms = 0.0;
  std::vector<ThresholdRow> thresholds;  // empty where no case has a probability
};

struct EvalSummary {
  std::string mode;
  bool gate = false;
  std::string model;  // empty: none was used
  /// By language and kind in the order of their names; rows over all languages come last.
  std::vector<SummaryRow> rows;
  /// By length, over all languages and kinds, shortest first.
  std::vector<SummaryRow> lengths;
};

std::vector<SummaryRow> summarise(std::span<const ScoredCase> cases);
std::vector<SummaryRow> summarise_by_length(std::span<const ScoredCase> cases);

std::string to_json(const EvalSummary& summary);
std::string to_table(const EvalSummary& summary);

}  // namespace inpaint::lsp
