// What `inpaint bench` found, as values, as JSON and as a table.
//
// Units:  each row names its own.
// Source: percentiles by nearest rank (Hyndman and Fan 1996, definition 1): always a value that was
//         measured. The budgets are goals for this project's reference machine (two cores), not
//         limits that anything checks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "lsp/bench/machine_facts.h"

namespace inpaint::lsp {

/// The smallest value that at least the share `q` (0 < q <= 1) of all values does not exceed.
/// `values` holds one at least, in any order.
double percentile(std::vector<double> values, double q);

struct Figures {
  double p50 = 0.0;
  double p95 = 0.0;
  std::size_t n = 0;
  friend bool operator==(const Figures&, const Figures&) = default;
};

/// Nothing where nothing was measured.
std::optional<Figures> figures_of(const std::vector<double>& values);

struct BenchRow {
  std::string what;
  std::string unit;
  std::optional<double> budget;
  std::optional<Figures> idle;
  std::optional<Figures> busy;
  std::string note;  // how it was measured, or why it was not
};

struct BenchReport {
  MachineFacts machine;
  std::string commit;  // of the source tree beside the program; empty: unknown
  std::string file;    // whose text was used
  engine::EngineInfo engine;
  std::string compiler;  // that ran beside; empty: none was found or wanted
  bool complete = true;  // false: stopped before the last row
  std::vector<BenchRow> rows;
};

std::string to_json(const BenchReport& report);
std::string to_table(const BenchReport& report);

}  // namespace inpaint::lsp
