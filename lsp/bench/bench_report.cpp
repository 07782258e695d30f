#include "lsp/bench/bench_report.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/version.h"

namespace inpaint::lsp {
namespace {

using Json = nlohmann::ordered_json;

/// Four digits are more than any measurement repeats.
double rounded(double value) {
  if (value == 0.0 || !std::isfinite(value)) return value;
  const double scale = std::pow(10.0, 3.0 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

Json json_of(const std::optional<Figures>& figures) {
  if (!figures) return nullptr;
  return {{"p50", rounded(figures->p50)}, {"p95", rounded(figures->p95)}, {"n", figures->n}};
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string cell(const std::optional<Figures>& figures, double Figures::* member) {
  return figures ? fmt::format("{:.4g}", rounded((*figures).*member)) : "-";
}

}  // namespace

double percentile(std::vector<double> values, double q) {
  assert(!values.empty() && q > 0.0 && q <= 1.0);
  // Without the small step back 0.95 * 20, a little above 19 in binary, would give the twentieth.
  const double rank = std::ceil(q * static_cast<double>(values.size()) - 1e-9);
  const auto index = static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
  std::ranges::nth_element(values, values.begin() + index);
  return values[static_cast<std::size_t>(index)];
}

std::optional<Figures> figures_of(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  return Figures{percentile(values, 0.5), percentile(values, 0.95), values.size()};
}

std::string to_json(const BenchReport& report) {
  const engine::EngineInfo& engine = report.engine;
  Json object = {{"version", engine::kVersion},
                 {"commit", text_or_null(report.commit)},
                 {"machine",
                  {{"processor", report.machine.processor},
                   {"threads", report.machine.threads},
                   {"memory_mib", std::round(report.machine.memory_mib)},
                   {"load_before", report.machine.load}}},
                 {"model",
                  {{"path", engine.model_path},
                   {"family", engine.family},
                   {"parameters", engine.parameters},
                   {"context_tokens", engine.context_budget},
                   {"device", engine.device == engine::Device::cuda ? "cuda" : "cpu"},
                   {"number_types", engine.number_types},
                   {"torch", engine.torch_version}}},
                 {"file", text_or_null(report.file)},
                 {"compiler", text_or_null(report.compiler)},
                 {"complete", report.complete},
                 {"rows", Json::array()}};
  for (const BenchRow& row : report.rows) {
    Json entry = {{"what", row.what},
                  {"unit", row.unit},
                  {"idle", json_of(row.idle)},
                  {"busy", json_of(row.busy)},
                  {"budget", row.budget ? Json(*row.budget) : Json(nullptr)}};
    if (!row.note.empty()) entry["note"] = row.note;
    object["rows"].push_back(std::move(entry));
  }
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_table(const BenchReport& report) {
  constexpr const char* kFormat = "{:<44} {:<6} {:>9} {:>9} {:>4} {:>9} {:>9} {:>4} {:>7}\n";
  std::string text =
      fmt::format("{}, {} threads, {:.0f} MiB; load before {:.1f}\n", report.machine.processor,
                  report.machine.threads, report.machine.memory_mib, report.machine.load);
  text +=
      fmt::format("{} ({:.1f}M parameters), {}\n", report.engine.model_path,
                  static_cast<double>(report.engine.parameters) / 1e6, report.engine.number_types);
  text += report.compiler.empty()
              ? std::string("no compiler ran beside\n")
              : fmt::format("busy: {} beside, once a thread\n", report.compiler);
  text += fmt::format(fmt::runtime(kFormat), "", "unit", "idle p50", "p95", "n", "busy p50", "p95",
                      "n", "budget");
  for (const BenchRow& row : report.rows) {
    const auto count = [](const auto& figures) {
      return figures ? std::to_string(figures->n) : std::string("-");
    };
    text += fmt::format(fmt::runtime(kFormat), row.what, row.unit, cell(row.idle, &Figures::p50),
                        cell(row.idle, &Figures::p95), count(row.idle),
                        cell(row.busy, &Figures::p50), cell(row.busy, &Figures::p95),
                        count(row.busy), row.budget ? fmt::format("{:g}", *row.budget) : "");
    if (!row.note.empty()) text += "  " + row.note + "\n";
  }
  if (!report.complete) text += "stopped: not everything was measured\n";
  return text;
}

}  // namespace inpaint::lsp
