// A line of a case file: any bytes give a case or an Error; a case survives being written, and can
// be answered by copying, since the reader lets no cursor pass that the planner would not take.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lsp/evaluation/case_runner.h"
#include "lsp/evaluation/eval_case.h"
#include "lsp/evaluation/eval_result.h"

using namespace inpaint::lsp;  // a program of one function

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto asked = parse_case(line, "in:1");
  if (!asked) return 0;
  const auto again = parse_case(to_json_line(*asked), "in:1");
  require(again.has_value() && *again == *asked);
  const auto answer = CaseRunner(nullptr, {}).run(*asked, {});
  require(answer.has_value());
  const auto read = parse_result(to_json_line(*answer), "out:1");
  require(read.has_value() && read->text == answer->text && read->id == answer->id);
  return 0;
}
