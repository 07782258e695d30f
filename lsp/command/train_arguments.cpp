#include "lsp/command/train_arguments.h"

#include <filesystem>
#include <string>
#include <type_traits>

#include <CLI/CLI.hpp>

#include "engine/training/model_sizes.h"
#include "lsp/command/option_values.h"

namespace inpaint::lsp {
namespace {

template <class Rows>
std::string list_of_names(const Rows& rows) {
  std::string list;
  for (const auto& row : rows) list.append(list.empty() ? "" : ", ").append(row.name);
  return list;
}

/// The option that says of a new model what the model of --from has already; else null.
const CLI::Option* given_to_no_new_model(const CLI::App& app) {
  const CLI::App* train = app.get_subcommand("train");
  if (train->count("--from") == 0) return nullptr;
  for (const char* name : {"--size", "--tokenizer"})
    if (train->count(name) > 0) return train->get_option(name);
  return nullptr;
}

/// What suits an adapter, where nothing else was asked: it has few rows a step.
void set_adapter_defaults(const CLI::App& app, engine::TrainOptions& options) {
  const CLI::App* train = app.get_subcommand("train");
  const auto set = [&](const char* name, auto& option, auto value) {
    if (train->count(name) == 0) option = value;
  };
  set("--batch", options.batch, 2);
  set("--context", options.context, 320);
  set("--learning-rate", options.learning_rate, 1e-3);
  set("--warmup-steps", options.warmup_steps, 10);
}

}  // namespace

void add_train(CLI::App& app, engine::TrainOptions& options) {
  CLI::App* train = app.add_subcommand("train", "Train a model on a folder of source code");
  const auto add_folder = [train](const std::string& name, std::filesystem::path& folder,
                                  const std::string& help) {
    return train
        ->add_option_function<std::string>(
            name, [&folder](const std::string& given) { folder = given; }, help)
        ->type_name("PATH");
  };
  const auto add_number = [train](const std::string& name, auto& number, const std::string& help) {
    train->add_option(name, number, help)
        ->transform(number_from<std::decay_t<decltype(number)>>(0))
        ->type_name("N")
        ->capture_default_str();
  };
  add_folder("--data", options.data, "Shards, or any folder of source files")->required();
  add_folder("--valid", options.valid,
             "What to measure on; else valid.shard in --data, or a part of it that is kept out");
  add_folder("--out", options.out,
             "Where checkpoint, log and model go; else a folder of yours named after --data");
  add_folder(
      "--from", options.from,
      "Folder of a model to go on from, with a fresh optimiser; mini: the one that comes with it");
  add_folder("--tokenizer", options.tokenizer,
             "tokenizer.json of a new model; else that of the model mini");
  train->add_option("--size", options.size, "Of a new model: " + list_of_names(engine::kModelSizes))
      ->type_name("NAME")
      ->capture_default_str();
  const auto asked = [&options]() -> engine::AdapterTraining& {
    return options.adapter ? *options.adapter : options.adapter.emplace();
  };
  CLI::Option* const adapter = train->add_flag_function(
      "--adapter", [asked](std::int64_t) { asked(); },
      "Train masks that draft for the frozen model of --base");
  const auto add_of_adapter = [train, adapter, asked](const std::string& name,
                                                      int engine::AdapterTraining::* number,
                                                      int least, const std::string& help) {
    train
        ->add_option_function<int>(
            name, [asked, number](int given) { asked().*number = given; }, help)
        ->transform(number_from<int>(least))
        ->type_name("N")
        ->default_str(std::to_string(engine::AdapterTraining().*number))
        ->needs(adapter);
  };
  train
      ->add_option_function<std::string>(
          "--base", [asked](const std::string& given) { asked().base = given; },
          "Of an adapter: name or path of the frozen model")
      ->type_name("MODEL")
      ->needs(adapter);
  add_of_adapter("--rank", &engine::AdapterTraining::rank, 1, "Of an adapter's matrices");
  add_of_adapter("--masks", &engine::AdapterTraining::masks, 1, "Of an adapter's block");
  add_of_adapter("--markov-rank", &engine::AdapterTraining::markov_rank, 0,
                 "Of an adapter's table of neighbours; 0: none");
  add_of_adapter("--draft-tokens", &engine::AdapterTraining::draft_tokens, 2,
                 "That an adapter's masks may propose");
  add_of_adapter("--span-tokens", &engine::AdapterTraining::span_tokens, 2,
                 "That the base writes behind a prompt, at most");
  add_of_adapter("--measured-spans", &engine::AdapterTraining::measured_spans, 1,
                 "Of held-out documents");
  train->add_flag("--resume", options.resume, "Go on from the checkpoint in --out");
  add_number("--steps", options.steps, "Optimiser steps; 0: no limit");
  add_number("--minutes", options.minutes, "How long to train; 0: no limit");
  add_number("--batch", options.batch, "Sequences of a step");
  add_number("--context", options.context, "Rows of context in a sequence");
  add_number("--area", options.area, "Rows of the span area in a sequence");
  train->add_flag("--echo,!--no-echo", options.copy_hints,
                  "Tell each row what followed when its text last stood");
  train->add_option("--block-widths", options.block_widths, "Of the spans' blocks, drawn for each")
      ->type_name("N")
      ->delimiter(',')
      ->transform(number_from(1, 64))
      ->capture_default_str();
  train->add_flag("--bidirectional", options.bidirectional,
                  "Let the context see itself both ways: to compare losses, no model is written");
  add_number("--context-weight", options.context_weight, "Of the loss of the prompt's rows");
  add_number("--clean-weight", options.clean_weight, "Of the loss of the spans' causal rows");
  add_number("--noised-weight", options.noised_weight, "Of the loss of the spans' masks");
  add_number("--learning-rate", options.learning_rate, "At its highest");
  add_number("--warmup-steps", options.warmup_steps, "Until the learning rate is there");
  add_number("--decay", options.decay, "Share of the run in which it falls");
  add_number(
      "--average", options.average,
      "Last share of the run, whose mean weights become the model; 0: the weights at its end");
  add_number("--certainty", options.certainty,
             "Weight of the entropy of masks that are right already: surer masks, fewer forwards");
  add_number("--seed", options.seed, "Of order, holes and masks");
  add_number("--threads", options.threads, "Of the processor; 0: as many as there are cores");
  add_number("--save-every-minutes", options.save_every_minutes, "Between two checkpoints");
  add_number("--measure-every-minutes", options.measure_every_minutes, "Between two measurements");
  train->add_option("--number-type", options.number_type, "auto, bf16 or f32")
      ->type_name("NAME")
      ->capture_default_str();
  train->add_option("--format", options.format, "Of the matrices in the finished model")
      ->type_name("NAME")
      ->capture_default_str();
  add_words(train, "--device", options.device, device_words(), "Where to compute");
  train->footer("Ctrl-C saves and leaves; --resume goes on. Ctrl-Z (or kill -STOP) pauses, fg (or "
                "kill -CONT) goes on:\n"
                "a pause does not count for --minutes.\n"
                "Examples:\n"
                "  inpaint train --data data/shards --out runs/first --size 9m --minutes 60\n"
                "  inpaint train --data data/shards --out runs/first --resume\n"
                "  inpaint train --from mini --data . --minutes 10\n"
                "  inpaint train --adapter --base qwen2.5-coder-0.5b --data . --minutes 20");
}

engine::Result<void> settle_train(const CLI::App& app, engine::TrainOptions& options) {
  if (const CLI::Option* option = given_to_no_new_model(app))
    return engine::failure(engine::ErrorCode::bad_argument, "train " + option->get_name(),
                           "the model of --from has its own",
                           "leave it out, or leave --from out for a new model");
  if (!options.adapter) return {};
  if (options.adapter->base.empty())
    return engine::failure(engine::ErrorCode::bad_argument, "train --adapter",
                           "no model that it is to stand beside", "name one with --base");
  if (options.device == engine::Device::cuda)
    return engine::failure(engine::ErrorCode::bad_argument, "train --adapter --device cuda",
                           "adapters are trained on the processor", "leave --device out");
  set_adapter_defaults(app, options);
  return {};
}

}  // namespace inpaint::lsp
