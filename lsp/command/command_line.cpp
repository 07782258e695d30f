#include "lsp/command/command_line.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "engine/base/version.h"
#include "grammar/base/ascii.h"
#include "lsp/command/eval_arguments.h"
#include "lsp/command/models_arguments.h"
#include "lsp/command/option_values.h"
#include "lsp/command/rewrite_arguments.h"
#include "lsp/command/train_arguments.h"

namespace inpaint::lsp {
namespace {

using engine::Error;
using engine::ErrorCode;

const Words<engine::Mode>& mode_words() {
  static const Words<engine::Mode> words = {{"diffusion", engine::Mode::diffusion},
                                            {"lossless", engine::Mode::lossless},
                                            {"autoregressive", engine::Mode::autoregressive}};
  return words;
}

const Words<ColorWhen>& color_words() {
  static const Words<ColorWhen> words = {
      {"auto", ColorWhen::automatic}, {"always", ColorWhen::always}, {"never", ColorWhen::never}};
  return words;
}

void add_complete(CLI::App& app, CompleteOptions& options) {
  CLI::App* complete = app.add_subcommand("complete", "Fill the place at the cursor in a file");
  complete
      ->add_option("FILE:LINE:COLUMN", options.location,
                   "The cursor; line and column count from 1, a column is a character")
      ->required();
  complete->add_flag("--json", options.json, "Print one JSON object instead of a picture");
  complete->add_flag("--watch", options.watch, "Show the denoising steps as they happen");
  complete->add_flag("--why", options.why,
                     "Only what an editor would show by itself; else why nothing, and exit code 1");
  complete->add_option("--model", options.model.folder, "Name, folder or .gguf file of the model")
      ->type_name("MODEL");
  add_prompt_format(complete, options.model.prompt_format);
  add_adapter(complete, options.model.adapter);
  add_words(complete, "--mode", options.decoding.mode, mode_words(), "How the span is decoded");
  complete
      ->add_option("--threshold", options.decoding.threshold,
                   "Confidence from which a token is set, 0.001 to 1")
      ->transform(number_from<float>(0.001F, 1.0F))
      ->type_name("P")
      ->capture_default_str();
  complete->add_option("--max-tokens", options.decoding.max_tokens, "Longest fill, 1 to 1024")
      ->transform(number_from(1, 1024))
      ->type_name("N")
      ->capture_default_str();
  complete
      ->add_option_function<std::int64_t>(
          "--deadline-ms",
          [&options](std::int64_t given) {
            options.decoding.deadline = std::chrono::milliseconds(given);
          },
          "Then the best answer so far; the time to load the model does not count")
      ->transform(number_from<std::int64_t>(1, 86'400'000))
      ->type_name("MS");
  complete
      ->add_option("--alternatives", options.decoding.alternatives,
                   "How many fills to offer, 1 to 8")
      ->transform(number_from(1, 8))
      ->type_name("N")
      ->capture_default_str();
  complete->add_option("--seed", options.decoding.seed, "Of the sampled alternatives")
      ->transform(number_from<std::uint64_t>(0))
      ->type_name("N")
      ->capture_default_str();
  complete
      ->add_option("--language", options.language, "Of the file, where its name does not tell it")
      ->type_name("NAME");
  add_words(complete, "--device", options.model.device, device_words(), "Where to compute");
  complete
      ->add_option("--snippet", options.snippets,
                   "Another file that the model should see; may be given several times")
      ->type_name("FILE")
      ->allow_extra_args(false);
  complete
      ->add_option(
          "--neighbour", options.neighbours,
          "Another file that this one may repeat, as if it were open in the editor; may be "
          "given several times")
      ->type_name("FILE")
      ->allow_extra_args(false);
  add_words(complete, "--color", options.color, color_words(), "Colours of the picture");
  complete->footer(
      "Examples:\n"
      "  inpaint complete src/area.py:12:9\n"
      "  inpaint complete src/area.py:11:27 --why\n"
      "  inpaint complete src/area.py:12:9 --watch --mode diffusion\n"
      "  inpaint complete src/area.py:12:9 --json --alternatives 3 --snippet src/shapes.py");
}

void add_serve(CLI::App& app, ServeOptions& options) {
  CLI::App* serve = app.add_subcommand("serve", "Serve an editor: a language server on stdio");
  // Clients pass these to every server; standard input and output are all there is.
  serve->add_flag_callback(
      "--stdio", [] {}, "Talk on standard input and output, as it always does");
  serve
      ->add_option_function<std::int64_t>(
          "--clientProcessId", [&options](std::int64_t given) { options.client_process = given; },
          "Leave when this process ends")
      ->transform(number_from<std::int64_t>(0))
      ->type_name("N");
  serve->add_option("--model", options.model.folder, "Name, folder or .gguf file of the model")
      ->type_name("MODEL");
  add_prompt_format(serve, options.model.prompt_format);
  add_adapter(serve, options.model.adapter);
  add_words(serve, "--mode", options.mode, mode_words(), "How spans are decoded");
  add_words(serve, "--device", options.model.device, device_words(), "Where to compute");
  serve->add_option("--log", options.log, "Write down what happens; else errors go to stderr")
      ->type_name("FILE");
  serve->footer("Examples:\n"
                "  inpaint serve --stdio\n"
                "  inpaint serve --model ~/models/mini --log /tmp/inpaint.log");
}

void add_doctor(CLI::App& app, DoctorOptions& options) {
  CLI::App* doctor =
      app.add_subcommand("doctor", "Check that everything is in place, and say how to mend it");
  doctor->add_flag("--json", options.json, "Print one JSON object");
  doctor->add_option("--model", options.model.folder, "Name, folder or .gguf file of the model")
      ->type_name("MODEL");
  add_words(doctor, "--device", options.model.device, device_words(), "Where to compute");
  doctor->footer("Examples:\n"
                 "  inpaint doctor\n"
                 "  inpaint doctor --model ~/models/mini --json");
}

void add_typing(CLI::App& bench, TypingOptions& options) {
  CLI::App* typing = bench.add_subcommand(
      "typing", "Type into files as people do, and measure how soon ghost text comes");
  typing->add_option("--model", options.model.folder, "Name, folder or .gguf file of the model")
      ->type_name("MODEL");
  add_adapter(typing, options.model.adapter);
  typing
      ->add_option(
          "--file", options.files,
          "Source code to type into; may be given several times; else some of Inpaint's own")
      ->type_name("FILE");
  typing->add_option("--keys", options.keys, "At most so many")
      ->transform(number_from<std::size_t>(1))
      ->type_name("N")
      ->capture_default_str();
  typing->add_option("--seed", options.seed, "Of the places, the mistakes and the pauses")
      ->transform(number_from<std::uint64_t>(0))
      ->type_name("N")
      ->capture_default_str();
  typing->add_option("--speed", options.speed, "So many times as fast as a person, 0.1 to 1000")
      ->check(CLI::Range(0.1, 1000.0))
      ->type_name("X")
      ->capture_default_str();
  add_switch(typing, "--foresight", options.foresight,
             "Whether the next line is written ahead while nobody types");
  typing->footer("One JSON object on the standard output, a table on the error stream.\n"
                 "Examples:\n"
                 "  inpaint bench typing\n"
                 "  inpaint bench typing --file src/area.py --keys 1000 > typing.json");
}

void add_bench(CLI::App& app, BenchOptions& options, TypingOptions& typing) {
  CLI::App* bench = app.add_subcommand(
      "bench", "Measure speed and memory on this machine, idle and beside a compiler");
  bench->add_option("--model", options.model.folder, "Name, folder or .gguf file of the model")
      ->type_name("MODEL");
  add_adapter(bench, options.model.adapter);
  bench->add_option("--file", options.file, "Source code to type into; else some of Inpaint's own")
      ->type_name("FILE");
  bench->add_option("--rows", options.rows, "Only the rows whose name holds this text")
      ->type_name("TEXT");
  bench->add_flag("--quick", options.quick, "Few repetitions, in less than ten seconds");
  bench->add_flag_callback(
      "--no-busy", [&options] { options.busy = false; }, "Without the compiler beside");
  bench->footer("One JSON object on the standard output, a table on the error stream.\n"
                "Examples:\n"
                "  inpaint bench --quick\n"
                "  inpaint bench --rows denoised --no-busy > bench.json\n"
                "  inpaint bench typing");
  add_typing(*bench, typing);
}

void add_shards(CLI::App& app, ShardsPackOptions& pack, ShardsVerifyOptions& verify) {
  CLI::App* shards = app.add_subcommand("shards", "Pack training data into files, or check them");
  shards->require_subcommand(1);
  CLI::App* packing = shards->add_subcommand("pack", "Pack a folder of source code into shards");
  packing->add_option("--from", pack.from, "Fetched data, or any folder of source files")
      ->required()
      ->type_name("DIR");
  packing->add_option("--out", pack.out, "Where the shards go")->required()->type_name("DIR");
  packing->add_option("--shard-mib", pack.shard_mib, "Largest size of a shard, 1 to 256")
      ->transform(number_from(1, 256))
      ->type_name("N")
      ->capture_default_str();
  packing->add_option("--seed", pack.seed, "Of what is held back and of the order")
      ->transform(number_from<std::uint64_t>(0))
      ->type_name("N")
      ->capture_default_str();
  CLI::App* verifying =
      shards->add_subcommand("verify", "Unpack every shard and check what it holds");
  verifying->add_option("FOLDER", verify.folder, "Of shards")->required();
  verifying
      ->add_option("--never", verify.never,
                   "List of packages that must not be there; else the project's own")
      ->type_name("FILE");
  for (CLI::App* one : {shards, packing, verifying}) {
    one->footer("Examples:\n"
                "  inpaint shards pack --from my-code --out data/shards\n"
                "  inpaint shards verify data/shards");
  }
}

/// The option, of the program and its subcommands, whose value is the empty word; else null. None
/// of ours means anything by it, and as a path it would make messages that name no file.
const CLI::Option* given_nothing(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options())
    if (std::ranges::count(option->results(), "") > 0) return option;
  for (const CLI::App* command : app.get_subcommands())
    if (const CLI::Option* option = given_nothing(*command)) return option;
  return nullptr;
}

/// "--log=" as "--log" and an empty word: CLI11 would take the next word for the value.
std::vector<std::string> with_empty_values(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  for (const std::string& word : arguments) {
    const bool is_empty = word.starts_with("--") && word.find('=') == word.size() - 1;
    words.push_back(is_empty ? word.substr(0, word.size() - 1) : word);
    if (is_empty) words.emplace_back();
  }
  return words;
}

Error wrong_use(const std::string& what, std::string why) {
  // CLI11 writes sentences; ours are parts of one line.
  while (!why.empty() && (why.back() == '.' || why.back() == '\n')) why.pop_back();
  std::ranges::replace(why, '\n', ' ');
  const bool is_sentence = why.size() > 1 && !grammar::is_upper(why[1]);
  if (is_sentence) why[0] = grammar::to_lower(why[0]);
  const std::string help = what == "arguments" ? "inpaint --help" : "inpaint " + what + " --help";
  return {ErrorCode::bad_argument, what, std::move(why), "see `" + help + "`"};
}

}  // namespace

engine::Result<Command> parse_command_line(const std::vector<std::string>& arguments) {
  CLI::App app(
      "Completes code by diffusion: fills the missing span between the text on both sides.",
      "inpaint");
  app.set_version_flag("--version", "inpaint " + std::string(engine::kVersion));
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  inpaint complete src/area.py:12:9\n"
             "  inpaint doctor\n"
             "  inpaint complete --help");
  CompleteOptions complete;
  DoctorOptions doctor;
  engine::TrainOptions train;
  add_complete(app, complete);
  RewriteOptions rewrite;
  add_rewrite(app, rewrite);
  ServeOptions serve;
  add_serve(app, serve);
  add_doctor(app, doctor);
  BenchOptions bench;
  TypingOptions typing;
  ShardsPackOptions pack;
  ShardsVerifyOptions verify;
  add_train(app, train);
  add_bench(app, bench, typing);
  add_shards(app, pack, verify);
  EvalOptions eval;
  CasesOptions cases;
  add_eval(app, eval);
  add_cases(app, cases);
  ModelsOptions models;
  add_models(app, models);

  const auto chosen = [&app] {
    const auto commands = app.get_subcommands();
    return commands.empty() ? std::string("arguments") : commands.front()->get_name();
  };
  try {
    std::vector<std::string> words = with_empty_values(arguments);
    std::ranges::reverse(words);  // CLI11 takes its vector from the back
    // What a client says that knows of no subcommands.
    if (!words.empty() && words.back() == "--stdio") words.emplace_back("serve");
    app.parse(std::move(words));
  } catch (const CLI::CallForVersion& call) {
    return PrintText{std::string(call.what()) + "\n"};
  } catch (const CLI::Success&) {  // every other one is a call for help
    return PrintText{app.help()};
  } catch (const std::exception& error) {
    // CLI11 names what is missing before what is superfluous; a mistyped word explains more.
    const auto superfluous = app.remaining(true);
    if (superfluous.empty() || dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
      return std::unexpected(wrong_use(chosen(), error.what()));
    }
    const std::string& word = superfluous.front();
    const char* kind = word.starts_with("-")     ? "no such option: "
                       : chosen() == "arguments" ? "no such command: "
                                                 : "unexpected argument: ";
    return std::unexpected(wrong_use(chosen(), kind + word));
  }
  if (const CLI::Option* option = given_nothing(app))
    return std::unexpected(wrong_use(chosen(), option->get_name() + ": its value is empty"));
  if (const auto settled = settle_train(app, train); !settled)
    return std::unexpected(settled.error());
  const std::string command = chosen();
  if (command == "complete") return complete;
  if (command == "rewrite") return rewrite;
  if (command == "serve") return serve;
  if (command == "doctor") return doctor;
  if (command == "bench") {
    if (app.get_subcommand("bench")->got_subcommand("typing")) return typing;
    return bench;
  }
  if (command == "eval") return eval;
  if (command == "cases") return cases;
  if (command == "models") return models;
  if (command == "shards") {
    if (app.get_subcommand("shards")->got_subcommand("pack")) return pack;
    return verify;
  }
  return train;
}

}  // namespace inpaint::lsp
