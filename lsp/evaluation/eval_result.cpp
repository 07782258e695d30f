#include "lsp/evaluation/eval_result.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "engine/base/strict_json.h"
#include "lsp/evaluation/eval_case.h"

namespace inpaint::lsp {
namespace {

template <class Number>
nlohmann::ordered_json number_or_null(const std::optional<Number>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json text_or_null(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
}

/// Digits that mean something.
double rounded(double value, double steps) { return std::round(value * steps) / steps; }

template <class Number>
std::optional<Number> number_at(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number()) return std::nullopt;
  return found->template get<Number>();
}

}  // namespace

std::string to_json_line(const EvalResult& result) {
  std::optional<double> probability = result.probability;
  if (probability) probability = rounded(*probability, 1e6);
  nlohmann::ordered_json json = {
      {"id", result.id},
      {"text", result.text},
      {"others", result.others},
      {"kind", result.kind},
      {"errors_before", number_or_null(result.errors_before)},
      {"errors_baseline", number_or_null(result.errors_baseline)},
      {"errors_after", number_or_null(result.errors_after)},
      {"probability", number_or_null(probability)},
      {"written", text_or_null(result.written)},
      {"tokens", result.tokens},
      {"forwards", result.forwards},
      {"milliseconds", rounded(result.milliseconds, 1e3)},
      {"denoise_milliseconds", rounded(result.denoise_milliseconds, 1e3)},
      {"prefix_milliseconds", rounded(result.prefix_milliseconds, 1e3)}};
  for (const EvalCandidate& candidate : result.candidates)
    json["candidates"].push_back({{"text", candidate.text},
                                  {"origin", candidate.origin},
                                  {"probability", rounded(candidate.probability, 1e6)},
                                  {"observations", candidate.observations}});
  // Nothing throws for a byte that is no UTF-8: it becomes U+FFFD.
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

engine::Result<EvalResult> parse_result(std::string_view line, const std::string& where) {
  const engine::JsonLimits limits{.max_bytes = kLargestCase, .max_values = 512, .max_depth = 4};
  const auto json = engine::parse_strict_json(line, limits, engine::ErrorCode::bad_data, where);
  if (!json) return std::unexpected(json.error());
  const auto text_at = [&json](const char* key) {
    const auto found = json->find(key);
    return found != json->end() && found->is_string() ? std::optional(found->get<std::string>())
                                                      : std::nullopt;
  };
  auto id = json->is_object() ? text_at("id") : std::nullopt;
  auto text = json->is_object() ? text_at("text") : std::nullopt;
  if (!id || !text) {
    return engine::failure(engine::ErrorCode::bad_data, where, "is no result of `inpaint eval`",
                           "write to another file");
  }
  EvalResult result;
  result.id = std::move(*id);
  result.text = std::move(*text);
  if (const auto others = json->find("others"); others != json->end() && others->is_array())
    for (const auto& other : *others)
      if (other.is_string()) result.others.push_back(other.get<std::string>());
  result.kind = text_at("kind").value_or("");
  result.written = text_at("written").value_or("");
  result.errors_before = number_at<int>(*json, "errors_before");
  result.errors_baseline = number_at<int>(*json, "errors_baseline");
  result.errors_after = number_at<int>(*json, "errors_after");
  result.probability = number_at<double>(*json, "probability");
  result.tokens = number_at<int>(*json, "tokens").value_or(0);
  result.forwards = number_at<int>(*json, "forwards").value_or(0);
  result.milliseconds = number_at<double>(*json, "milliseconds").value_or(0.0);
  result.denoise_milliseconds = number_at<double>(*json, "denoise_milliseconds").value_or(0.0);
  result.prefix_milliseconds = number_at<double>(*json, "prefix_milliseconds").value_or(0.0);
  return result;
}

}  // namespace inpaint::lsp
