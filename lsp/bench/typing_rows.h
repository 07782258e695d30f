// What a replay of somebody's typing found, as rows of a report.
#pragma once

#include <vector>

#include "lsp/bench/bench_report.h"
#include "lsp/bench/typing_replay.h"

namespace inpaint::lsp {

std::vector<BenchRow> typing_rows(const Replay& replay);

}  // namespace inpaint::lsp
