#include "tests/house/caller_rules.h"

#include <gtest/gtest.h>

namespace inpaint::house {
namespace {

struct CallerCase {
  const char* name;
  const char* path;
  const char* text;
  int line;  // of the violation; 0: there is none
};

const CallerCase kCases[] = {
    {"an engine asked by a reference", "lsp/feature/a.cpp", "int a;\nengine.fill(request);\n", 2},
    {"by a pointer, whatever it is called", "lsp/feature/a.cpp", "  return inner_->fill(r);\n", 1},
    {"a function of that name", "lsp/feature/a.cpp", "fill(request);\nstd::ranges::fill(a, b);\n",
     0},
    {"a planner", "lsp/session/a.cpp", "auto p = grammar::plan_hole({});\n", 1},
    {"a planner of selections", "lsp/session/a.cpp", "grammar::plan_refill(a, b);\n", 1},
    {"a check", "lsp/worker/a.h", "#include \"grammar/check/promise.h\"\n", 1},
    {"the constraint", "lsp/worker/a.h", "#include \"grammar/check/hole_constraint.h\"\n", 1},
    {"the pipeline itself", "lsp/completion/fill_pipeline.cpp", "engine.fill(request);\n", 0},
    {"the engine is not lsp's", "engine/service/a.cpp", "service.fill(request);\n", 0},
};

TEST(CallerRules, KnowThePipelineAndItsMeasurements) {
  for (const CallerCase& c : kCases) {
    const auto violations = caller_violations({{c.path, c.text}});
    ASSERT_EQ(violations.size(), c.line > 0 ? 1U : 0U) << c.name << to_string(violations);
    if (c.line > 0) EXPECT_EQ(violations.front().line, c.line) << c.name;
  }
}

TEST(CallerRules, ForgetAFileThatNoLongerCalls) {
  const auto violations = caller_violations({{"lsp/evaluation/engine_thread.cpp", "int a;\n"}});
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_NE(violations.front().text.find("no longer"), std::string::npos);
}

TEST(House, CompletionsHaveOnePipeline) {
  const Files files = read_source_tree({"lsp"});
  ASSERT_TRUE(files.contains("lsp/completion/fill_pipeline.cpp"));
  EXPECT_EQ(to_string(caller_violations(files)), "");
}

}  // namespace
}  // namespace inpaint::house
