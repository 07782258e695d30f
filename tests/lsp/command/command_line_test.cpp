#include "lsp/command/command_line.h"

#include <sstream>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "engine/base/version.h"

namespace inpaint::lsp {
namespace {

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

template <class Options>
Options parse(const std::string& line) {
  const auto command = parse_command_line(words_of(line));
  if (!command) {
    ADD_FAILURE() << line << ": " << engine::to_string(command.error());
    return {};
  }
  EXPECT_TRUE(std::holds_alternative<Options>(*command)) << line;
  return std::get<Options>(*command);
}

TEST(CommandLine, CompleteHasDefaults) {
  const auto options = parse<CompleteOptions>("complete a.py:1:2");
  EXPECT_EQ(options.location, "a.py:1:2");
  EXPECT_EQ(options.decoding.mode, engine::Mode::lossless);
  EXPECT_EQ(options.model.device, engine::Device::cpu);
  EXPECT_EQ(options.decoding.threshold, 0.9F);
  EXPECT_EQ(options.decoding.max_tokens, 64);
  EXPECT_EQ(options.decoding.alternatives, 1);
  EXPECT_EQ(options.decoding.seed, 0U);
  EXPECT_EQ(options.color, ColorWhen::automatic);
  EXPECT_FALSE(options.decoding.deadline || options.model.folder || options.language);
  EXPECT_FALSE(options.json || options.watch);
  EXPECT_TRUE(options.snippets.empty());
}

TEST(CommandLine, ServeTakesWhatClientsPass) {
  for (const char* line : {"serve", "serve --stdio", "--stdio"}) {
    const auto options = parse<ServeOptions>(line);
    EXPECT_EQ(options.mode, engine::Mode::lossless) << line;
    EXPECT_FALSE(options.client_process || options.model.folder || options.log) << line;
  }
  const auto options = parse<ServeOptions>(
      "--stdio --clientProcessId=12 --model m --mode diffusion --device cuda --log l");
  EXPECT_EQ(options.client_process, 12);
  EXPECT_EQ(options.model.folder, "m");
  EXPECT_EQ(options.log, "l");
  EXPECT_EQ(options.mode, engine::Mode::diffusion);
  EXPECT_EQ(options.model.device, engine::Device::cuda);
  EXPECT_EQ(parse<ServeOptions>("serve --clientProcessId 12").client_process, 12);
  EXPECT_EQ(parse<ServeOptions>("serve --prompt-format fim-spm-1").model.prompt_format,
            "fim-spm-1");
  EXPECT_EQ(parse<ServeOptions>("serve --adapter none").model.adapter, "none");
}

TEST(CommandLine, CompleteTakesEveryKnob) {
  const auto options = parse<CompleteOptions>(
      "complete --snippet b.py --mode diffusion --threshold 0.5 --max-tokens 7 --deadline-ms 250 "
      "--alternatives 3 --seed 18446744073709551615 --language rust --device cuda --watch "
      "--json --color never --model m a.py:1:2 --snippet=c.py");
  EXPECT_EQ(options.location, "a.py:1:2");
  EXPECT_EQ(options.snippets, (std::vector<std::string>{"b.py", "c.py"}));
  EXPECT_EQ(options.decoding.mode, engine::Mode::diffusion);
  EXPECT_EQ(options.model.device, engine::Device::cuda);
  EXPECT_EQ(options.decoding.threshold, 0.5F);
  EXPECT_EQ(options.decoding.max_tokens, 7);
  EXPECT_EQ(options.decoding.deadline, std::chrono::milliseconds(250));
  EXPECT_EQ(options.decoding.alternatives, 3);
  EXPECT_EQ(options.decoding.seed, 18446744073709551615U);
  EXPECT_EQ(options.language, "rust");
  EXPECT_EQ(options.model.folder, "m");
  EXPECT_EQ(options.color, ColorWhen::never);
  EXPECT_TRUE(options.json && options.watch);
}

TEST(CommandLine, TrainTakesEveryKnob) {
  const auto options = parse<engine::TrainOptions>(
      "train --data d --out o --valid v --tokenizer t --size 3m --resume --steps 5 "
      "--minutes 1.5 --batch 2 --context 64 --area 32 --learning-rate 0.001 --warmup-steps 7 "
      "--decay 0.1 --seed 3 --threads 2 --save-every-minutes 0.5 --measure-every-minutes 2 "
      "--number-type f32 --format f16 --device cuda --no-echo --block-widths 4,8 --context-weight "
      "0.25 "
      "--clean-weight 2 --noised-weight 3");
  EXPECT_FALSE(options.copy_hints);
  EXPECT_EQ(options.block_widths, (std::vector<int>{4, 8}));
  EXPECT_EQ(options.context_weight, 0.25);
  EXPECT_EQ(options.clean_weight, 2.0);
  EXPECT_EQ(options.noised_weight, 3.0);
  EXPECT_EQ(options.data, "d");
  EXPECT_EQ(options.out, "o");
  EXPECT_EQ(options.valid, "v");
  EXPECT_EQ(options.tokenizer, "t");
  EXPECT_EQ(options.size, "3m");
  EXPECT_TRUE(options.resume);
  EXPECT_EQ(options.steps, 5);
  EXPECT_EQ(options.minutes, 1.5);
  EXPECT_EQ(options.batch, 2);
  EXPECT_EQ(options.context, 64);
  EXPECT_EQ(options.area, 32);
  EXPECT_EQ(options.learning_rate, 0.001);
  EXPECT_EQ(options.warmup_steps, 7);
  EXPECT_EQ(options.decay, 0.1);
  EXPECT_EQ(options.seed, 3U);
  EXPECT_EQ(options.threads, 2);
  EXPECT_EQ(options.save_every_minutes, 0.5);
  EXPECT_EQ(options.measure_every_minutes, 2);
  EXPECT_EQ(options.number_type, "f32");
  EXPECT_EQ(options.format, "f16");
  EXPECT_EQ(options.device, engine::Device::cuda);
}

TEST(CommandLine, TrainGoesOnFromAModel) {
  const auto options = parse<engine::TrainOptions>("train --data d --from f");
  EXPECT_EQ(options.from, "f");
  EXPECT_TRUE(options.tokenizer.empty());
}

TEST(CommandLine, TrainTakesTheKnobsOfAnAdapter) {
  const auto usual = parse<engine::TrainOptions>("train --data d --adapter --base q");
  ASSERT_TRUE(usual.adapter);
  EXPECT_EQ(usual.adapter->base, "q");
  EXPECT_EQ(usual.adapter->rank, 16);
  EXPECT_EQ(usual.batch, 2) << "a step of an adapter is smaller than one of a model";
  EXPECT_EQ(usual.learning_rate, 1e-3);
  const auto options = parse<engine::TrainOptions>(
      "train --data d --base q --adapter --rank 4 --masks 3 --markov-rank 0 --draft-tokens 100 "
      "--span-tokens 9 --measured-spans 5 --batch 7 --context 99 --learning-rate 0.5 "
      "--warmup-steps 3");
  EXPECT_EQ(options.adapter->rank, 4);
  EXPECT_EQ(options.adapter->masks, 3);
  EXPECT_EQ(options.adapter->markov_rank, 0);
  EXPECT_EQ(options.adapter->draft_tokens, 100);
  EXPECT_EQ(options.adapter->span_tokens, 9);
  EXPECT_EQ(options.adapter->measured_spans, 5);
  EXPECT_EQ(options.batch, 7);
  EXPECT_EQ(options.context, 99);
  EXPECT_EQ(options.learning_rate, 0.5);
  EXPECT_EQ(options.warmup_steps, 3);
}

TEST(CommandLine, DoctorTakesItsKnobs) {
  const auto options = parse<DoctorOptions>("doctor --json --model m --device cuda");
  EXPECT_TRUE(options.json);
  EXPECT_EQ(options.model.folder, "m");
  EXPECT_EQ(options.model.device, engine::Device::cuda);
}

TEST(CommandLine, NumbersAndWordsAreReadByTheirMeaning) {
  const auto decoding = [](const std::string& words) {
    return parse<CompleteOptions>("complete a:1:1 " + words).decoding;
  };
  for (const char* given : {"7", "7.0", "+7", "7e0", "0.7e1", "007"})
    EXPECT_EQ(decoding(std::string("--max-tokens ") + given).max_tokens, 7) << given;
  for (const char* given : {"0.5", ".5", "+.5", "5e-1"})
    EXPECT_EQ(decoding(std::string("--threshold ") + given).threshold, 0.5F) << given;
  EXPECT_EQ(decoding("--seed 1e3").seed, 1000U);
  EXPECT_EQ(parse<engine::TrainOptions>("train --data d --steps 1e3 --block-widths 4.0,8").steps,
            1000);
  EXPECT_EQ(parse<RewriteOptions>("rewrite a --lines +3-9.0").lines, (LineRange{3, 9}));
  EXPECT_EQ(decoding("--mode Diffusion").mode, engine::Mode::diffusion);
  EXPECT_EQ(parse<ServeOptions>("serve --device CUDA").model.device, engine::Device::cuda);
  EXPECT_TRUE(parse<EvalOptions>("eval --cases c --out o --gate Yes").runner.decoding.gate);
  EXPECT_FALSE(parse<EvalOptions>("eval --cases c --out o --drafts 0").runner.drafts);
  const auto measured =
      parse<EvalOptions>("eval --cases c --out o --adapter none --copies off --row-cost 0.05");
  EXPECT_EQ(measured.model.adapter, "none");
  EXPECT_FALSE(measured.runner.decoding.copies);
  EXPECT_NEAR(measured.model.row_cost, 0.05, 1e-6);
  EXPECT_EQ(parse<CasesOptions>("cases --from f --out o --language .PY").language, "python");
  EXPECT_EQ(parse<CasesOptions>("cases --from f --out o --language C#").language, "csharp");
  // A blank in a value comes from a script's quotes.
  const auto quoted = parse_command_line({"complete", "a:1:1", "--seed", " 4 "});
  EXPECT_EQ(std::get<CompleteOptions>(*quoted).decoding.seed, 4U);
}

struct WrongUseCase {
  const char* line;
  const char* message;
};

const WrongUseCase kWrongUses[] = {
    {"", "arguments: a subcommand is required: see `inpaint --help`"},
    {"frob", "arguments: no such command: frob: see `inpaint --help`"},
    {"--frob", "arguments: no such option: --frob: see `inpaint --help`"},
    {"complete", "complete: FILE:LINE:COLUMN is required: see `inpaint complete --help`"},
    {"complete --frob", "complete: no such option: --frob: see `inpaint complete --help`"},
    {"complete a:1:1 b", "complete: unexpected argument: b: see `inpaint complete --help`"},
    {"complete a:1:1 --mode fast",
     "complete: --mode: 'fast' is none of diffusion|lossless|autoregressive: "
     "see `inpaint complete --help`"},
    {"complete a:1:1 --device tpu",
     "complete: --device: 'tpu' is none of cpu|cuda: see `inpaint complete --help`"},
    {"complete a:1:1 --color red",
     "complete: --color: 'red' is none of auto|always|never: see `inpaint complete --help`"},
    {"complete a:1:1 --threshold nan",
     "complete: --threshold: 'nan' is not a number from 0.001 to 1: see `inpaint complete --help`"},
    {"complete a:1:1 --threshold 0",
     "complete: --threshold: '0' is not a number from 0.001 to 1: see `inpaint complete --help`"},
    {"complete a:1:1 --threshold 1.01",
     "complete: --threshold: '1.01' is not a number from 0.001 to 1: "
     "see `inpaint complete --help`"},
    {"complete a:1:1 --max-tokens 0",
     "complete: --max-tokens: '0' is not a whole number from 1 to 1024: "
     "see `inpaint complete --help`"},
    {"complete a:1:1 --max-tokens 1.5",
     "complete: --max-tokens: '1.5' is not a whole number from 1 to 1024: "
     "see `inpaint complete --help`"},
    {"complete a:1:1 --max-tokens 1e30",
     "complete: --max-tokens: '1e30' is not a whole number from 1 to 1024: "
     "see `inpaint complete --help`"},
    {"complete a:1:1 --seed 1e17",
     "complete: --seed: '1e17' is not a whole number from 0: see `inpaint complete --help`"},
    {"complete a:1:1 --max-tokens 7x",
     "complete: --max-tokens: '7x' is not a whole number from 1 to 1024: "
     "see `inpaint complete --help`"},
    {"eval --cases c --out o --gate maybe",
     "eval: --gate: 'maybe' is none of on|off: see `inpaint eval --help`"},
    {"complete a:1:1 --alternatives 9",
     "complete: --alternatives: '9' is not a whole number from 1 to 8: "
     "see `inpaint complete --help`"},
    {"complete a:1:1 --deadline-ms 0",
     "complete: --deadline-ms: '0' is not a whole number from 1 to 86400000: "
     "see `inpaint complete --help`"},
    {"complete a:1:1 --deadline-ms 99999999999999999999",
     "complete: --deadline-ms: '99999999999999999999' is not a whole number from 1 to 86400000: "
     "see `inpaint complete --help`"},
    {"complete a:1:1 --seed -1",
     "complete: --seed: '-1' is not a whole number from 0: see `inpaint complete --help`"},
    {"complete a:1:1 --seed",
     "complete: --seed: 1 required N missing: see `inpaint complete --help`"},
    {"train --out o", "train: --data is required: see `inpaint train --help`"},
    {"train --data d --out o --steps -1",
     "train: --steps: '-1' is not a whole number from 0: see `inpaint train --help`"},
    {"train --data d --from mini --size 3m",
     "train --size: the model of --from has its own: leave it out, or leave --from out for a new "
     "model"},
    {"train --size 9m --data d --from mini",
     "train --size: the model of --from has its own: leave it out, or leave --from out for a new "
     "model"},
    {"train --data d --from mini --tokenizer t",
     "train --tokenizer: the model of --from has its own: leave it out, or leave --from out for a "
     "new model"},
    {"train --data d --adapter",
     "train --adapter: no model that it is to stand beside: name one with --base"},
    {"train --data d --adapter --base q --device cuda",
     "train --adapter --device cuda: adapters are trained on the processor: leave --device out"},
    {"train --data d --rank 3", "train: --rank requires --adapter: see `inpaint train --help`"},
    {"serve --clientProcessId=x",
     "serve: --clientProcessId: 'x' is not a whole number from 0: see `inpaint serve --help`"},
    {"doctor --mode x", "doctor: no such option: --mode: see `inpaint doctor --help`"},
};

TEST(CommandLine, SaysWhatIsWrong) {
  for (const WrongUseCase& c : kWrongUses) {
    const auto command = parse_command_line(words_of(c.line));
    ASSERT_FALSE(command.has_value()) << c.line;
    EXPECT_EQ(engine::to_string(command.error()), c.message);
  }
}

TEST(CommandLine, AnEmptyValueIsRefusedByTheNameOfItsOption) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"complete", ""}, "complete: FILE:LINE:COLUMN"},
      {{"complete", "a.py:1:1", "--model", ""}, "complete: --model"},
      {{"complete", "a.py:1:1", "--snippet", "b.py", "--snippet", ""}, "complete: --snippet"},
      {{"serve", "--log="}, "serve: --log"},
      {{"doctor", "--model", ""}, "doctor: --model"},
      {{"train", "--data", ""}, "train: --data"},
      {{"train", "--data", "d", "--tokenizer", ""}, "train: --tokenizer"},
      {{"train", "--data", "d", "--from", ""}, "train: --from"},
      {{"shards", "pack", "--from", "d", "--out", ""}, "shards: --out"},
      {{"shards", "verify", ""}, "shards: FOLDER"},
      {{"eval", "--cases", "", "--out", "o"}, "eval: --cases"},
      {{"cases", "--from", "", "--out", "o"}, "cases: --from"},
      {{"rewrite", ""}, "rewrite: FILE"},
      {{"bench", "--file", ""}, "bench: --file"},
  };
  for (const auto& [words, what] : cases) {
    const auto command = parse_command_line(words);
    ASSERT_FALSE(command.has_value()) << what;
    EXPECT_EQ(engine::to_string(command.error()),
              what + ": its value is empty: see `inpaint " + words.front() + " --help`");
  }
}

TEST(CommandLine, EveryHelpEndsWithExamplesThatParse) {
  for (const std::string line :
       {"--help", "-h", "complete --help", "serve --help", "doctor --help", "train --help"}) {
    const std::string help = parse<PrintText>(line).text;
    const std::size_t examples = help.find("Examples:\n");
    ASSERT_NE(examples, std::string::npos) << line;
    std::istringstream lines(help.substr(examples + 10));
    int n_examples = 0;
    for (std::string example; std::getline(lines, example);) {
      if (example.empty()) continue;
      auto words = words_of(example);
      ASSERT_EQ(words.front(), "inpaint") << example;
      words.erase(words.begin());
      EXPECT_TRUE(parse_command_line(words).has_value()) << example;
      ++n_examples;
    }
    EXPECT_GE(n_examples, 2) << line;
  }
}

TEST(CommandLine, HelpNamesEveryOption) {
  const std::string help = parse<PrintText>("complete --help").text;
  for (const char* option :
       {"--json", "--model", "--mode", "--threshold", "--max-tokens", "--deadline-ms",
        "--alternatives", "--seed", "--language", "--device", "--watch", "--color", "--snippet"}) {
    EXPECT_NE(help.find(option), std::string::npos) << option;
  }
}

TEST(CommandLine, TellsItsVersion) {
  EXPECT_EQ(parse<PrintText>("--version").text, "inpaint " + std::string(engine::kVersion) + "\n");
}

}  // namespace
}  // namespace inpaint::lsp
