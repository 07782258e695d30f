// In which order a model reads a prompt, found out by asking: ten lines of code that hang on what stands
// behind them are taken out, and the model writes them under each order.
//
// For models that the table of families does not know (engine/prompt/fim_family.h). A model that is
// asked in the wrong order hardly sees what follows the cursor, or repeats it. The lines are our own, so
// that no model has learned them by heart.
//
// Units:  lines, of kTrueLines.
// Errors: those of Engine::fill().
// Thread rule: the engine's.
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace inpaint::lsp {

/// A line and its surroundings. The cursor stands behind its indentation.
struct TrueLine {
  std::string_view path, before, line, behind;
};

std::span<const TrueLine> true_lines();

/// How many of them the model writes as they are, white space at their ends aside.
engine::Result<int> count_right_lines(engine::Engine& engine, const std::stop_token& stop);

struct OrderTrial {
  int prefix_first = 0, suffix_first = 0;

  /// The prompt format that wrote more; prefix first where both wrote as many.
  std::string_view better() const {
    return suffix_first > prefix_first ? kSuffixFirst : kPrefixFirst;
  }

  static constexpr std::string_view kPrefixFirst = "fim-psm-1";
  static constexpr std::string_view kSuffixFirst = "fim-spm-1";
};

/// What was right each way, and what follows: one sentence.
std::string describe(const OrderTrial& trial);

/// How a model is asked, and how that is known: of one whose order is known, or that has none.
std::string describe_prompt(const engine::EngineInfo& info);

}  // namespace inpaint::lsp
