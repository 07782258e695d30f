#include "lsp/command/models_command.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/named_path.h"
#include "engine/model_search.h"
#include "lsp/models/catalogue.h"
#include "lsp/models/measured_speed.h"
#include "lsp/models/model_check.h"
#include "lsp/models/model_choice.h"
#include "lsp/models/model_fetch.h"
#include "lsp/models/model_shelf.h"
#include "lsp/models/model_store.h"
#include "lsp/models/model_table.h"
#include "lsp/models/order_trial.h"
#include "lsp/terminal/fill_view.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::Error;
using engine::ErrorCode;
using engine::failure;
using engine::Result;

constexpr std::string_view kMini = engine::kEmbeddedModel;
constexpr std::string_view kIsUsed = "it is used wherever --model and INPAINT_MODEL name none\n";

double megabytes(std::uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

/// The parts that all of them work with.
struct Models {
  Program& program;
  fs::path catalogue_file;
  Catalogue catalogue;
  ModelFolders folders;

  ModelStore store() const { return {folders.own, folders.set_up, catalogue}; }
};

Result<Models> open(const ModelsOptions& options, Program& program) {
  fs::path file;
  if (options.catalogue) {
    file = *options.catalogue;
  } else {
    const auto folder = catalogue_folder(program.program_file);
    if (!folder) return std::unexpected(folder.error());
    file = *folder / kCatalogueFile;
  }
  auto catalogue = Catalogue::load(file);
  if (!catalogue) return std::unexpected(catalogue.error());
  return Models{program, file, std::move(*catalogue),
                model_folders(program.data_folder, program.cache_folder, program.config_folder)};
}

/// The name or path of the one that answers where --model and INPAINT_MODEL name none.
Result<std::string> used_model(const Models& models) {
  const auto chosen = chosen_model(models.folders.config);
  if (!chosen) return std::unexpected(chosen.error());
  if (*chosen) return **chosen;
  const auto usual = models.store().default_model();
  // A damaged default cannot be opened: mini answers, and says why.
  return usual && !usual->is_damaged ? usual->name : std::string(kMini);
}

// list

std::vector<ModelRow> rows_of(const Models& models, const std::string& used) {
  std::vector<ModelRow> rows;
  const std::vector<StoredModel> here = models.store().all();
  const auto add = [&](ModelRow row) {
    row.tokens_per_second = measured_speed(models.program.cache_folder, row.path, row.bytes);
    row.is_used = row.name == used;
    rows.push_back(std::move(row));
  };
  if (const auto mini = models.program.find_model(std::string(kMini)))
    add({.name = std::string(kMini),
         .path = mini->path.string(),
         .bytes = bytes_of_model(mini->path),
         .licence = "Apache-2.0",
         .languages = models.program.languages()});
  for (const KnownModel& known : models.catalogue.models()) {
    const auto found = std::ranges::find(here, known.name, &StoredModel::name);
    add({.name = known.name,
         .path = found == here.end() ? "" : found->path.string(),
         .bytes = known.bytes,
         .licence = known.licence,
         .languages = known.languages,
         .is_damaged = found == here.end() && models.store().find_damaged(known),
         .address = known.address,
         .kept_as = (models.folders.own / known.file).string(),
         .permissive = known.permissive,
         .is_default = &known == models.catalogue.default_model()});
  }
  for (const StoredModel& model : here)
    if (!models.catalogue.find(model.name))
      add({.name = model.name, .path = model.path.string(), .bytes = model.bytes});
  return rows;
}

int list(const Models& models, bool json) {
  const auto used = used_model(models);
  if (!used) return report(models.program, used.error());
  const std::vector<ModelRow> rows = rows_of(models, *used);
  models.program.out << (json ? to_json(rows) : to_text(rows));
  const bool is_listed = std::ranges::any_of(rows, &ModelRow::is_used);
  if (!json && !is_listed) models.program.out << fmt::format("used is {}\n", on_one_line(*used));
  return kSuccess;
}

// get

Error unknown_model(const Models& models, const std::string& name) {
  std::string names;
  for (const KnownModel& known : models.catalogue.models())
    names += (names.empty() ? "" : ", ") + known.name;
  return {ErrorCode::bad_argument, name, "no model is known by this name",
          names.empty() ? "the catalogue is empty" : "known are " + names};
}

int get(const Models& models, const ModelsOptions& options) {
  Program& program = models.program;
  const KnownModel* const known = models.catalogue.find(options.model);
  if (!known) return report(program, unknown_model(models, options.model), kWrongUse);
  const auto fetched = fetch_model(*known, models.store(),
                                   {.accepts_licence = options.accepts_licence,
                                    .from_mirror = options.from_mirror,
                                    .program = program.program_file,
                                    .catalogue = models.catalogue_file,
                                    .screen = program.err,
                                    .screen_kind = program.err_screen,
                                    .ask = program.ask,
                                    .begin_work = program.begin_work,
                                    .stop = program.stop});
  if (!fetched) return report(program, fetched.error());
  program.out << fmt::format("{} is here{}: {}\n", known->name, fetched->was_here ? " already" : "",
                             fetched->path.string());
  const auto used = used_model(models);
  program.out << (used && *used == known->name
                      ? std::string(kIsUsed)
                      : fmt::format("to use it everywhere: inpaint models use {}\n", known->name));
  return kSuccess;
}

// add, use, remove

int add(const Models& models, const ModelsOptions& options) {
  const fs::path path = options.model;
  const auto added = models.store().add(options.name.value_or(name_from_path(path)), path);
  if (!added) return report(models.program, added.error());
  models.program.out << fmt::format("{} is {}, which stays where it is\n", added->name,
                                    path.string());
  return kSuccess;
}

/// The word or path that stands for the model in the user's configuration.
Result<std::string> choice_of(const Models& models, const std::string& named) {
  if (named == kMini || models.store().find(named)) return named;
  if (models.catalogue.find(named))
    return failure(ErrorCode::file_not_found, named, "it is not here",
                   "fetch it with `inpaint models get " + named + "`");
  const Program& program = models.program;
  const auto path = engine::absolute_path(named, {program.working_folder, program.home_folder});
  if (!path) return std::unexpected(path.error());
  if (named.find('/') == std::string::npos || !engine::holds_a_model(*path))
    return failure(ErrorCode::file_not_found, named, "no model is here by this name or path",
                   "`inpaint models list` names those that are");
  return path->string();
}

int use(const Models& models, const std::string& named) {
  const auto choice = choice_of(models, named);
  if (!choice) return report(models.program, choice.error());
  const auto file = choose_model(models.folders.config, *choice);
  if (!file) return report(models.program, file.error());
  models.program.out << fmt::format("{} is used from now on, where --model and INPAINT_MODEL name "
                                    "none ({})\n",
                                    *choice, file->string());
  return kSuccess;
}

int remove(const Models& models, const std::string& name) {
  if (name == kMini)
    return report(models.program,
                  {ErrorCode::bad_argument, name, "it comes with Inpaint", "remove others only"});
  const auto chosen = chosen_model(models.folders.config);
  const auto before = used_model(models);
  const auto removed = models.store().remove(name);
  if (!removed) return report(models.program, removed.error());
  models.program.out << fmt::format("removed {}\n", removed->string());
  if (chosen && *chosen == name)
    if (const auto file = choose_model(models.folders.config, std::nullopt); !file)
      return report(models.program, file.error());
  const auto now = used_model(models);
  if (before && now && *before != *now) models.program.out << fmt::format("{} is used now\n", *now);
  return kSuccess;
}

// check

/// Both orders, for a model whose own is not known. It is opened twice more, once at a time.
Result<OrderTrial> try_orders(const Program& program, const fs::path& path) {
  OrderTrial trial;
  for (const auto& [format, n_right] : {std::pair(OrderTrial::kPrefixFirst, &trial.prefix_first),
                                        std::pair(OrderTrial::kSuffixFirst, &trial.suffix_first)}) {
    const auto engine = program.open_engine({.model = path.string(),
                                             .cache_folder = program.cache_folder,
                                             .prompt_format = std::string(format)});
    if (!engine) return std::unexpected(engine.error());
    const auto counted = count_right_lines(**engine, program.stop);
    if (!counted) return std::unexpected(counted.error());
    *n_right = *counted;
  }
  return trial;
}

int check(const Models& models, const std::string& named) {
  Program& program = models.program;
  const auto found = models.store().find(named);
  const auto model =
      found ? Result<engine::FoundModel>({.path = found->path}) : program.find_model(named);
  if (!model) return report(program, model.error());
  const fs::path& path = model->path;
  auto engine = program.open_engine({.model = path.string(), .cache_folder = program.cache_folder});
  if (!engine) return report(program, engine.error());
  const auto checked = check_model(**engine, program.stop);
  if (!checked) return report(program, checked.error());
  const std::uint64_t bytes = bytes_of_model(path);
  program.out << fmt::format("{:<8} {}, {:.0f} MB\n", "model", path.string(), megabytes(bytes));
  program.out << fmt::format("{:<8} {}\n", "", describe((*engine)->info()));
  program.out << fmt::format("{:<8} {}\n", "numbers", (*engine)->info().number_types);
  program.out << fmt::format("{:<8} {}\n", "prompt", describe_prompt((*engine)->info()));
  program.out << fmt::format("{:<8} {}\n", "drafts", describe_adapter((*engine)->info()));
  program.out << fmt::format("{:<8} {}{}\n", "writes", on_one_line(checked->before),
                             on_one_line(checked->text));
  program.out << fmt::format("{:<8} context of {} tokens in {:.0f} ms; {} tokens written", "speed",
                             checked->context_tokens, checked->context_ms, checked->tokens);
  if (checked->tokens_per_second > 0.0)
    program.out << fmt::format(", {:.0f} a second", checked->tokens_per_second);
  program.out << '\n';
  // Where it cannot be kept it is measured again.
  if (checked->tokens_per_second > 0.0)
    std::ignore = keep_speed(program.cache_folder, path, bytes, checked->tokens_per_second);
  if ((*engine)->info().fim_order != engine::FimOrder::assumed) return kSuccess;
  program.out.flush();  // what follows takes a while
  engine->reset();      // its memory is needed
  const auto trial = try_orders(program, path);
  if (!trial) return report(program, trial.error());
  program.out << fmt::format("{:<8} {}\n", "orders", describe(*trial));
  return kSuccess;
}

}  // namespace

int models_command(const ModelsOptions& options, Program& program) {
  const auto models = open(options, program);
  if (!models) return report(program, models.error());
  switch (options.verb) {
    case ModelsOptions::Verb::list: return list(*models, options.json);
    case ModelsOptions::Verb::get: return get(*models, options);
    case ModelsOptions::Verb::add: return add(*models, options);
    case ModelsOptions::Verb::use: return use(*models, options.model);
    case ModelsOptions::Verb::remove: return remove(*models, options.model);
    case ModelsOptions::Verb::check: return check(*models, options.model);
  }
  return kWrongUse;
}

}  // namespace inpaint::lsp
