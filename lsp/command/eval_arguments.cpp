#include "lsp/command/eval_arguments.h"

#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include <CLI/CLI.hpp>

#include "lsp/command/option_values.h"
#include "lsp/evaluation/case_languages.h"

namespace inpaint::lsp {
namespace {

/// A word that chooses something that is no variable of its own.
template <class Value>
void add_choice(CLI::App* app, const std::string& name, const std::function<void(Value)>& choose,
                const Words<Value>& words, const std::string& standard, const std::string& help) {
  std::string list;
  for (const auto& [word, meaning] : words) list += (list.empty() ? "" : "|") + word;
  app->add_option_function<std::string>(
         name,
         [choose, words, list, name](const std::string& given) {
           choose(word_among(words, given, name, list));
         },
         help)
      ->type_name(list)
      ->default_str(standard);
}

}  // namespace

void add_eval(CLI::App& app, EvalOptions& options) {
  RunnerOptions& runner = options.runner;
  CLI::App* eval =
      app.add_subcommand("eval", "Score completions of code whose missing piece is known");
  eval->add_option("--cases", options.cases, "What to complete: one JSON object a line")
      ->required()
      ->type_name("FILE");
  eval->add_option("--out", options.out, "Where the answers go, one JSON object a line")
      ->required()
      ->type_name("FILE");
  using Answerer = std::variant<engine::Mode, Drafts>;
  add_choice<Answerer>(
      eval, "--mode",
      [&runner](Answerer answerer) {
        if (const auto* mode = std::get_if<engine::Mode>(&answerer)) runner.decoding.mode = *mode;
        else runner.without_engine = std::get<Drafts>(answerer);
      },
      {{"diffusion", engine::Mode::diffusion},
       {"lossless", engine::Mode::lossless},
       {"autoregressive", engine::Mode::autoregressive},
       {"copy", Drafts::copies},
       {"analogy", Drafts::analogies},
       {"draft", Drafts::both}},
      "lossless", "How the span is decoded; copy, analogy, draft: the best such or any, no model");
  eval->add_option("--model", options.model.folder, "Name, folder or .gguf file of the model")
      ->type_name("MODEL");
  add_words(eval, "--device", options.model.device, device_words(), "Where to compute");
  add_prompt_format(eval, options.model.prompt_format);
  add_adapter(eval, options.model.adapter);
  eval->add_option("--row-cost", options.model.row_cost,
                   "What a row more in a forward costs, in forwards of one row, 0.001 to 1: drafts "
                   "of published weights are planned with it; else as it is measured")
      ->transform(number_from(0.001F, 1.0F))
      ->type_name("COST");
  eval->add_option("--context", options.model.context_tokens,
                   "Tokens that published weights are shown, 64 to 8192")
      ->transform(number_from(64, 8192))
      ->type_name("N");
  eval->add_option("--limit", options.limit, "Only the first cases")
      ->transform(number_from<std::size_t>(1, 1'000'000'000))
      ->type_name("N");
  eval->add_option("--jobs", options.jobs, "Cases at a time, 1 to 64; there is one engine")
      ->transform(number_from(1, 64))
      ->type_name("N")
      ->capture_default_str();
  eval->add_option("--typed", runner.typed,
                   "Ask as while somebody types the last characters in front of the hole, 0 to 100")
      ->transform(number_from(0, 100))
      ->type_name("N");
  add_switch(eval, "--gate", runner.decoding.gate,
             "Whether what is not probable enough is not shown");
  add_switch(eval, "--viable-prefix", runner.viable_prefix,
             "Whether the grammar vetoes candidates while the model writes");
  add_switch(eval, "--drafts", runner.drafts, "Whether the engine starts from drafts");
  add_switch(eval, "--copies", runner.decoding.copies,
             "Whether what the text repeats is drafted while published weights write");
  add_switch(eval, "--neighbours", runner.neighbours,
             "Whether drafts and copy hints come from the cases' other files too");
  add_switch(eval, "--snippets", runner.snippets,
             "Whether the model is shown the beginning of the cases' other files");
  eval->add_option("--threshold", runner.decoding.threshold,
                   "Confidence from which a token is set, 0.001 to 1")
      ->transform(number_from(0.001F, 1.0F))
      ->type_name("P")
      ->capture_default_str();
  eval->add_option_function<int>(
          "--max-tokens",
          [&runner](int given) {
            runner.decoding.max_tokens = given;
            runner.length_by_kind = false;
          },
          "Longest fill, 1 to 1024; else 64, of several lines 256")
      ->transform(number_from(1, 1024))
      ->type_name("N");
  eval->add_flag("--candidates", runner.candidates,
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
  cases
      ->add_option("--language", options.language,
                   "Only files in this one: one with a grammar, or " + languages_without_grammar())
      ->transform([](const std::string& given) {
        std::string language = case_language(given);
        if (language.empty())
          throw CLI::ValidationError("--language", "'" + given +
                                                       "' is no language with a grammar, "
                                                       "nor one of " +
                                                       languages_without_grammar());
        return language;
      })
      ->type_name("NAME");
  cases->add_option("--per-language", options.per_language, "How many cases, of all kinds together")
      ->transform(number_from<std::size_t>(1, 1'000'000))
      ->type_name("N")
      ->capture_default_str();
  cases->add_option("--kinds", options.kinds, "Which: line, block, span")
      ->delimiter(',')
      ->transform(CLI::IsMember({"line", "block", "span"}, CLI::ignore_case))
      ->type_name("LIST")
      ->capture_default_str();
  cases->add_option("--seed", options.seed, "Of the places")
      ->transform(number_from<std::uint64_t>(0))
      ->type_name("N")
      ->capture_default_str();
  cases
      ->add_option("--max-context-bytes", options.max_context_bytes,
                   "At most this much of prefix and suffix together")
      ->transform(number_from<std::size_t>(256, 64UL << 20))
      ->type_name("N")
      ->capture_default_str();
  cases
      ->add_option("--strip", options.strip,
                   "Folders at the beginning of a path that name its package: they are not shown, "
                   "and packages take turns, 0 to 8")
      ->transform(number_from(0, 8))
      ->type_name("N")
      ->capture_default_str();
  cases
      ->add_option(
          "--neighbours", options.neighbours,
          "How many files of the package, those that lie nearest, each case comes with as if "
          "they were open, 0 to 8")
      ->transform(number_from<std::size_t>(0, 8))
      ->type_name("N")
      ->capture_default_str();
  cases->footer("The same folder and seed give the same cases on every machine.\n"
                "Examples:\n"
                "  inpaint cases --from ~/code --out cases.jsonl --per-language 100\n"
                "  inpaint cases --from packages --strip 1 --kinds line --out lines.jsonl\n"
                "  inpaint cases --from ~/code --language csharp --kinds line --out lines.jsonl");
}

}  // namespace inpaint::lsp
