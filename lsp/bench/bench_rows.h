// The measurements of `inpaint bench`: each step from a keystroke to ghost text, one row a step.
//
// Everything is asked through an interface that the server uses itself: the program over pipes, the
// session's documents, Completer, the engine (bench_engine_rows.h, past the Completer). A row is
// sampled until it has enough or its time is over, whichever comes first; a stop token ends all of
// them with what there is.
//
// Units:  as each row says. Thread rule: one caller.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace inpaint::lsp {

/// What is measured, and with what.
struct BenchSubject {
  engine::Engine& engine;
  std::filesystem::path program;   // the program itself; empty: its start is not measured
  std::filesystem::path model;     // the folder
  std::string path;                // of the text, as the model should see it
  std::vector<std::string> lines;  // of real source code, without line ends
  std::size_t n_whole_lines = 0;   // of these are whole files, which parse
  std::string run;                 // "idle", "busy": no context of one run fits another
  std::string filter;              // rows whose name holds it; empty: all
  std::stop_token stop;
  std::function<void(const std::string& what)> on_row;  // may be empty
};

struct BenchAmount {
  std::size_t samples = 20;
  double seconds = 4.0;  // for one row, after its first sample
};

/// One row as it was measured this time.
struct Series {
  std::string what;
  std::string unit;
  std::optional<double> budget;
  std::vector<double> values;
  std::string note;
};

/// Always the same rows in the same order for the same subject, also where one has no values.
std::vector<Series> measure(const BenchSubject& subject, const BenchAmount& amount);

/// How many lines the text has that is typed into.
inline constexpr std::size_t kBenchLines = 400;

}  // namespace inpaint::lsp
