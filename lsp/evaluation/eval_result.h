// What one case was answered with: a line of the results. One JSON object a line, in the order of
// the cases.
//
//   id, kind          of the case; the kind is the planned one
//   text              what is inserted between prefix and suffix; empty where nothing is shown
//   others            the next two texts that would be offered, best first
//   errors_before     ERROR and MISSING nodes of the file with the hole empty,
//   errors_baseline   at best,
//   errors_after      and with the fill; null without a grammar
//   probability       that the fill is what was wanted; null where nothing estimates it
//   written           what became of the model's first text: straight, repaired, cut, nothing or withheld;
//                     null without a model
//   tokens, forwards  of the fill; 0 without a model
//   milliseconds      from the request to the answer; of it denoise_milliseconds, and of these
//                     prefix_milliseconds for the viable prefix
//   candidates        where asked for: all there were, each with text, origin, probability and what the
//                     ranking saw of it (observations, see lsp/completion/ranking.h)
//
// Errors: bad_data for a line that is no result.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::lsp {

struct EvalCandidate {
  std::string text;
  std::string origin;
  double probability = 0.0;
  std::vector<double> observations;
  friend bool operator==(const EvalCandidate&, const EvalCandidate&) = default;
};

struct EvalResult {
  std::string id;
  std::string text;
  std::vector<std::string> others;
  std::string kind;
  std::optional<int> errors_before;
  std::optional<int> errors_baseline;
  std::optional<int> errors_after;
  std::optional<double> probability;
  std::string written;
  int tokens = 0;
  int forwards = 0;
  double milliseconds = 0.0;
  double denoise_milliseconds = 0.0;
  double prefix_milliseconds = 0.0;
  std::vector<EvalCandidate> candidates;  // written, not read back
  friend bool operator==(const EvalResult&, const EvalResult&) = default;
};

/// How many texts a case is answered with: as many as an editor is given when asked for by hand.
inline constexpr std::size_t kOffered = 3;

/// One line, without its line end.
std::string to_json_line(const EvalResult& result);

engine::Result<EvalResult> parse_result(std::string_view line, const std::string& where);

}  // namespace inpaint::lsp
