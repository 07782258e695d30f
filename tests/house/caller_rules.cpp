#include "tests/house/caller_rules.h"

#include <algorithm>
#include <regex>
#include <string>
#include <string_view>

namespace inpaint::house {
namespace {

struct Caller {
  std::string_view path;
  std::string_view reason;
};

struct Door {
  std::string_view what;
  const char* call;  // a regular expression for a line of it
  std::vector<Caller> callers;
};

std::vector<Door> doors() {
  return {
      {"asks an engine for a fill",
       R"((?:\.|->)fill\()",
       {{"lsp/completion/fill_pipeline.cpp", "the pipeline"},
        {"lsp/bench/bench_engine_rows.cpp", "measures the engine's own interface"},
        {"lsp/evaluation/engine_thread.cpp", "hands on what the pipeline asks"}}},
      {"plans a hole",
       R"(\bplan_(?:hole|refill)\()",
       {{"lsp/completion/completer.cpp", "the hole at a cursor"},
        {"lsp/completion/rewriter.cpp", "selections and marks"},
        {"lsp/feature/code_actions.cpp", "whether there is anything to be offered"},
        {"lsp/evaluation/draft_answer.cpp", "the baseline without a model"},
        {"lsp/bench/bench_answer_rows.cpp", "what the promise is measured on"},
        {"lsp/bench/bench_engine_rows.cpp", "measures the planner"}}},
      {"judges a fill",
       R"(^#include "grammar/check/(?:hole_constraint|promise)\.h")",
       {{"lsp/completion/completion_request.h", "names a measurement of the constraint"},
        {"lsp/completion/fill_pipeline.h", "the pipeline"},
        {"lsp/completion/candidate.h", "a part of it"},
        {"lsp/completion/completer.cpp", "the last word, and the counts of errors"},
        {"lsp/evaluation/draft_answer.cpp", "the baseline without a model"},
        {"lsp/bench/bench_answer_rows.cpp", "measures the promise"}}},
  };
}

}  // namespace

std::vector<Violation> caller_violations(const Files& files) {
  std::vector<Violation> violations;
  for (const Door& door : doors()) {
    const std::regex call(door.call);
    for (const auto& [path, text] : files) {
      if (!path.starts_with("lsp/") || !is_cpp(path)) continue;
      const bool named = std::ranges::find(door.callers, std::string_view(path), &Caller::path) !=
                         door.callers.end();
      int found = 0;
      for_each_line(text, [&](int number, std::string_view line) {
        if (found == 0 && std::regex_search(line.begin(), line.end(), call)) found = number;
      });
      if (found > 0 && !named)
        violations.push_back({path, found,
                              std::string(door.what) + ": completions have one pipeline, "
                                                       "lsp/completion/fill_pipeline.h"});
      if (found == 0 && named)
        violations.push_back(
            {path, 0,
             "is named in tests/house/caller_rules.cpp, and no longer " + std::string(door.what)});
    }
  }
  return violations;
}

}  // namespace inpaint::house
