#include "lsp/command/eval_arguments.h"

#include <charconv>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "grammar/tree/language.h"

namespace inpaint::lsp {
namespace {

/// Whole words that are numbers within the limits; CLI11 lets "nan" pass, and "-1" as a large one.
template <class Number>
std::function<std::string(const std::string&)> from_to(Number low, Number high) {
  return [low, high](const std::string& given) -> std::string {
    Number value{};
    const char* const end = given.data() + given.size();
    const auto [stopped, error] = std::from_chars(given.data(), end, value);
    if (error == std::errc{} && stopped == end && low <= value && value <= high) return "";
    return fmt::format("'{}' is not a number from {} to {}", given, low, high);
  };
}

void add_switch(CLI::App* app, const std::string& name, bool& value, const std::string& help) {
  app->add_option_function<std::string>(
         name, [&value](const std::string& given) { value = given == "on"; }, help)
      ->check(CLI::IsMember({"on", "off"}))
      ->type_name("on|off")
      ->default_str(value ? "on" : "off");
}

template <class Value>
void add_word(CLI::App* app, const std::string& name, Value& value,
              const std::map<std::string, Value>& words, const std::string& standard,
              const std::string& help) {
  std::string list;
  for (const auto& [word, meaning] : words) list += (list.empty() ? "" : "|") + word;
  app->add_option_function<std::string>(
         name, [&value, words](const std::string& given) { value = words.at(given); }, help)
      ->check(CLI::IsMember(words))
      ->type_name(list)
      ->default_str(standard);
}

}  // namespace

void add_eval(CLI::App& app, EvalOptions& options) {
  CLI::App* eval =
      app.add_subcommand("eval", "Score completions of code whose missing piece is known");
  eval->add_option("--cases", options.cases, "What to complete: one JSON object a line")
      ->required()
      ->type_name("FILE");
  eval->add_option("--out", options.out, "Where the answers go, one JSON object a line")
      ->required()
      ->type_name("FILE");
  add_word<EvalMode>(
      eval, "--mode", options.mode,
      {{"diffusion", EvalMode::diffusion},
       {"lossless", EvalMode::lossless},
       {"autoregressive", EvalMode::autoregressive},
       {"copy", EvalMode::copy},
       {"analogy", EvalMode::analogy},
       {"draft", EvalMode::draft}},
      "lossless", "How the span is decoded; copy, analogy, draft: the best such or any, no model");
  eval->add_option("--model", options.model, "Folder of the model")->type_name("DIR");
  add_word<engine::Device>(eval, "--device", options.device,
                           {{"cpu", engine::Device::cpu}, {"cuda", engine::Device::cuda}}, "cpu",
                           "Where to compute");
  eval->add_option("--limit", options.limit, "Only the first cases")
      ->check(from_to<std::size_t>(1, 1'000'000'000))
      ->type_name("N");
  eval->add_option("--jobs", options.jobs, "Cases at a time, 1 to 64; there is one engine")
      ->check(from_to(1, 64))
      ->type_name("N")
      ->capture_default_str();
  add_switch(eval, "--gate", options.gate, "Whether what is not probable enough is not shown");
  add_switch(eval, "--viable-prefix", options.viable_prefix,
             "Whether the grammar vetoes candidates while the model writes");
  add_switch(eval, "--drafts", options.drafts, "Whether the engine starts from drafts");
  add_switch(eval, "--neighbours", options.neighbours,
             "Whether drafts and copy hints come from the cases' other files too");
  eval->add_option("--threshold", options.threshold,
                   "Confidence from which a token is set, 0.001 to 1")
      ->check(from_to(0.001F, 1.0F))
      ->type_name("P")
      ->capture_default_str();
  eval->add_option("--max-tokens", options.max_tokens,
                   "Longest fill, 1 to 1024; else 64, of several lines 256")
      ->check(from_to(1, 1024))
      ->type_name("N");
  eval->add_flag("--candidates", options.candidates,
                 "Write all candidates with what the ranking saw of them");
  eval->add_flag("--resume", options.resume, "Keep the answers that --out holds, and go on");
  eval->add_option("--summary", options.summary, "Where the figures go as JSON")->type_name("FILE");
  eval->footer("The figures by language and kind are written to the error stream.\n"
               "Examples:\n"
               "  inpaint cases --from ~/code --out cases.jsonl\n"
               "  inpaint eval --cases cases.jsonl --out copied.jsonl --mode copy\n"
               "  inpaint eval --cases cases.jsonl --out out.jsonl --limit 100 --summary out.json");
}

void add_cases(CLI::App& app, CasesOptions& options) {
  CLI::App* cases = app.add_subcommand("cases", "Cut pieces out of source files, for `eval`");
  cases->add_option("--from", options.from, "Folder of source files")->required()->type_name("DIR");
  cases->add_option("--out", options.out, "Where the cases go, one JSON object a line")
      ->required()
      ->type_name("FILE");
  cases->add_option("--language", options.language, "Only files in this one")
      ->check([](const std::string& given) {
        const bool known = grammar::language_by_name(given) != nullptr;
        return known ? std::string() : "'" + given + "' is no language with a grammar";
      })
      ->type_name("NAME");
  cases->add_option("--per-language", options.per_language, "How many cases, of all kinds together")
      ->check(from_to<std::size_t>(1, 1'000'000))
      ->type_name("N")
      ->capture_default_str();
  cases->add_option("--kinds", options.kinds, "Which: line, block, span")
      ->delimiter(',')
      ->check(CLI::IsMember({"line", "block", "span"}))
      ->type_name("LIST")
      ->capture_default_str();
  cases->add_option("--seed", options.seed, "Of the places")
      ->check(from_to<std::uint64_t>(0, std::numeric_limits<std::uint64_t>::max()))
      ->type_name("N")
      ->capture_default_str();
  cases
      ->add_option("--max-context-bytes", options.max_context_bytes,
                   "At most this much of prefix and suffix together")
      ->check(from_to<std::size_t>(256, 64UL << 20))
      ->type_name("N")
      ->capture_default_str();
  cases
      ->add_option("--strip", options.strip,
                   "Folders at the beginning of a path that name its package: they are not shown, "
                   "and packages take turns, 0 to 8")
      ->check(from_to(0, 8))
      ->type_name("N")
      ->capture_default_str();
  cases
      ->add_option(
          "--neighbours", options.neighbours,
          "How many files of the package, those that lie nearest, each case comes with as if "
          "they were open, 0 to 8")
      ->check(from_to<std::size_t>(0, 8))
      ->type_name("N")
      ->capture_default_str();
  cases->footer("The same folder and seed give the same cases on every machine.\n"
                "Examples:\n"
                "  inpaint cases --from ~/code --out cases.jsonl --per-language 100\n"
                "  inpaint cases --from packages --strip 1 --kinds line --out lines.jsonl");
}

}  // namespace inpaint::lsp
