#include "lsp/command/completion_output.h"

#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lsp/terminal/fill_view.h"

namespace inpaint::lsp {
namespace {

using Json = nlohmann::ordered_json;

/// Digits that mean something: a float holds no more than seven.
double rounded(double value, double steps) { return std::round(value * steps) / steps; }
double probability_number(float value) { return rounded(value, 1e6); }
double milliseconds_number(double value) { return rounded(value, 1e3); }

Json number_or_null(const std::optional<int>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json silence_json(const std::optional<Silence>& silence) {
  if (!silence) return nullptr;
  const SilenceWords& words = words_of(silence->reason);
  return {{"id", words.id}, {"words", to_string(*silence)}, {"remedy", words.remedy}};
}

std::string plural(std::size_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

/// Nothing, where there is no candidate.
Candidate best_of(const Completion& completion) {
  return completion.candidates.empty() ? Candidate{} : completion.candidates.front();
}

std::string draw_costs(const Completion& completion) {
  const Candidate best = best_of(completion);
  const std::size_t n_tokens = best.tokens.size();
  const int forwards = completion.forwards;
  std::string line =
      plural(n_tokens, "token") + ", " + plural(static_cast<std::size_t>(forwards), "forward");
  if (forwards > 0 && completion.candidates.size() == 1) {
    line += fmt::format(", {:.1f} tokens per forward", static_cast<double>(n_tokens) / forwards);
  }
  const Milliseconds& ms = completion.milliseconds;
  line +=
      fmt::format(", {:.0f} ms (context {:.0f}, denoise {:.0f})", ms.total, ms.context, ms.denoise);
  if (!completion.candidates.empty()) line += fmt::format(", probability {:.2f}", best.probability);
  if (completion.deadline_reached) line += ", stopped at the deadline";
  return line;
}

}  // namespace

std::string to_json(const Completion& completion) {
  const Candidate best = best_of(completion);
  Json confidence = Json::array();
  for (const engine::SpanToken& token : best.tokens) {
    confidence.push_back(probability_number(token.confidence));
  }
  Json alternatives = Json::array();
  for (const Candidate& candidate : completion.candidates) {
    alternatives.push_back(
        {{"text", candidate.text}, {"probability", probability_number(candidate.probability)}});
  }
  const Milliseconds& ms = completion.milliseconds;
  const Json object = {
      {"text", best.text},
      {"range", {{"begin", completion.hole.range.begin}, {"end", completion.hole.range.end}}},
      {"kind", to_string(completion.hole.kind)},
      {"errors_before", number_or_null(completion.errors_before)},
      {"errors_baseline", number_or_null(completion.errors_baseline)},
      {"errors_after", number_or_null(completion.errors_after)},
      {"probability", probability_number(best.probability)},
      {"confidence", std::move(confidence)},
      {"tokens", best.tokens.size()},
      {"forwards", completion.forwards},
      {"milliseconds",
       {{"parse", milliseconds_number(ms.parse)},
        {"context", milliseconds_number(ms.context)},
        {"denoise", milliseconds_number(ms.denoise)},
        {"total", milliseconds_number(ms.total)}}},
      {"alternatives", std::move(alternatives)},
      {"silence", silence_json(completion.silence)},
  };
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string draw_completion(const Completion& completion, std::string_view text, bool color) {
  const Candidate best = best_of(completion);
  std::string picture;
  for (const DrawnLine& line : draw_fill({.text = text,
                                          .hole = completion.hole.range,
                                          .tokens = cut_tokens(best.tokens, best.text),
                                          .color = color})) {
    picture += line.text + "\n";
  }
  for (std::size_t i = 1; i < completion.candidates.size(); ++i) {
    const Candidate& other = completion.candidates[i];
    const std::string fill =
        color ? draw_tokens(cut_tokens(other.tokens, other.text), true) : on_one_line(other.text);
    picture += fmt::format("or, with probability {:.2f}: {}\n", other.probability, fill);
  }
  if (const auto& silence = completion.silence)
    picture += fmt::format("Nothing is shown: {}: {}\n", to_string(*silence),
                           words_of(silence->reason).remedy);
  return picture + draw_costs(completion) + "\n";
}

}  // namespace inpaint::lsp
