// How likely a candidate is what the user wants, from what the model, the draft and both together say.
//
// The product of a model's probabilities is no such number: it falls with every token, and a small
// model is sure of the wrong things. So a logistic regression over a few observations was fitted to
// held-out holes, one for each writer and origin of a candidate; tests/quality/fit_ranking.py makes the table of
// ranking.cpp anew, and says how well it holds. Candidates are ordered by it, and below a threshold
// nothing is shown: silence is a feature.
//
// Units: probabilities from 0 to 1; logarithms are natural.   Thread rule: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace inpaint::lsp {

enum class Origin : std::uint8_t {
  model,  // written by the model
  draft,  // found elsewhere in the file
  both,   // written by the model and found as well
};

std::string_view to_string(Origin origin);

/// Whose probabilities they are: what weights that read a thousand times more are sure of is right more
/// often.
enum class Writer : std::uint8_t { embedded, published };

struct Evidence {
  Origin origin = Origin::model;
  Writer writer = Writer::embedded;
  bool one_line = true;  // the hole is inside of one line
  std::size_t n_tokens = 0;
  float mean_log_probability = 0.0F;   // over its tokens and its end
  float least_log_probability = 0.0F;  // of the least likely of them
  float rival_log_probability = 0.0F;  // mean, of the best candidate of the other origin
  bool has_rival = false;
  float draft_probability = 0.0F;  // of a draft, from its match alone: see draft_probability.h
  float rival_draft_probability = 0.0F;  // of the best draft that is another text; 0: there is none
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// What the regression sees of it, the constant first.
inline constexpr std::size_t kObservations = 9;
std::array<double, kObservations> observations(const Evidence& evidence);

/// Calibrated on held-out holes.
float probability_right(const Evidence& evidence);

/// The most that probability_right() says of evidence between these two, observation by observation.
/// Both are of one writer and origin.
float most_probable(const Evidence& one, const Evidence& other);

/// Below this nothing is shown, unless the user asked for it by hand: three of four that are shown are
/// then what the user would have written (fit_ranking.py's table of coverage and precision).
float shown_from(Writer writer);

}  // namespace inpaint::lsp
