#include "lsp/command/doctor_command.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "engine/base/version.h"
#include "lsp/bench/machine_facts.h"
#include "lsp/command/user_languages.h"

namespace inpaint::lsp {
namespace {

using Json = nlohmann::ordered_json;

#ifdef __clang__
constexpr std::string_view kCompiler = __VERSION__;  // names itself
#else
constexpr std::string_view kCompiler = "GCC " __VERSION__;
#endif

struct Findings {
  std::optional<std::filesystem::path> model;
  std::optional<engine::EngineInfo> engine;
  std::vector<std::string> grammars;
  std::string processor;
  unsigned cores = 0;
  std::vector<engine::Error> problems;
};

Findings examine(const DoctorOptions& options, const Program& program) {
  Findings findings;
  const MachineFacts machine = machine_facts();
  findings.processor = machine.processor;
  findings.cores = machine.threads;
  findings.grammars = program.languages();
  if (findings.grammars.empty()) {
    findings.problems.push_back({engine::ErrorCode::unavailable, "grammars",
                                 "none is linked in, so fills are not checked by a parser",
                                 "run packaging/setup.sh and build again"});
  }
  const UserLanguages own = UserLanguages::load(program.config_folder / kLanguagesFile);
  const grammar::LanguageSet languages = own.set();
  for (const grammar::Language* language : languages.added())
    findings.grammars.emplace_back(language->name);
  findings.problems.insert(findings.problems.end(), own.problems().begin(), own.problems().end());
  const auto library = program.check_engine(options.model.device);
  if (!library) findings.problems.push_back(library.error());
  const auto model = program.find_model(options.model.folder);
  if (!model) findings.problems.push_back(model.error());
  if (model) findings.model = model->path.lexically_normal();
  if (!library || !model) return findings;
  const auto engine = program.open_model_or_mini(options.model);
  if (!engine) {
    findings.problems.push_back(engine.error());
    return findings;
  }
  findings.engine = (*engine)->info();
  if (const auto& why = findings.engine->in_place_of) {
    findings.model = findings.engine->model_path;  // the one that answers
    findings.problems.push_back(*why);
  }
  return findings;
}

std::string_view device_word(engine::Device device) {
  return device == engine::Device::cuda ? "cuda" : "cpu";
}

Json to_json(const Findings& findings) {
  Json object = {{"ok", findings.problems.empty()},
                 {"version", engine::kVersion},
                 {"compiler", kCompiler},
                 {"processor", findings.processor},
                 {"cores", findings.cores},
                 {"grammars", findings.grammars},
                 {"model", nullptr},
                 {"device", nullptr},
                 {"number_types", nullptr},
                 {"torch", nullptr},
                 {"problems", Json::array()}};
  if (findings.model) object["model"] = {{"path", findings.model->string()}};
  if (findings.engine) {
    const engine::EngineInfo& info = *findings.engine;
    Json& model = object["model"];
    model["family"] = info.family;
    model["parameters"] = info.parameters;
    model["layers"] = info.layers;
    model["hidden"] = info.hidden;
    model["vocabulary"] = info.vocabulary;
    model["context_tokens"] = info.context_budget;
    model["block_widths"] = info.block_widths;
    object["device"] = device_word(info.device);
    object["number_types"] = info.number_types;
    object["torch"] = info.torch_version;
  }
  for (const engine::Error& problem : findings.problems) {
    object["problems"].push_back(
        {{"what", problem.what}, {"why", problem.why}, {"remedy", problem.remedy}});
  }
  return object;
}

std::string row(std::string_view name, std::string_view value) {
  return fmt::format("{:<13} {}\n", name, value.empty() ? "missing" : value);
}

std::string to_text(const Findings& findings) {
  const engine::EngineInfo info = findings.engine.value_or(engine::EngineInfo{});
  std::string text = row("inpaint", engine::kVersion);
  text += row("compiler", kCompiler);
  text += row("processor", fmt::format("{}, {} threads", findings.processor, findings.cores));
  text += row("grammars", fmt::format("{}", fmt::join(findings.grammars, ", ")));
  text += row("model", findings.model ? findings.model->string() : "");
  if (findings.engine) {
    text += row("", fmt::format("{}, {:.1f}M parameters, {} layers of {}, vocabulary {}",
                                info.family, static_cast<double>(info.parameters) / 1e6,
                                info.layers, info.hidden, info.vocabulary));
    std::string sizes = fmt::format("context {} tokens", info.context_budget);
    if (!info.block_widths.empty()) {
      sizes += fmt::format(", blocks of {}", fmt::join(info.block_widths, ", "));
    }
    text += row("", sizes);
    text += row("device", device_word(info.device));
  }
  text += row("number types", info.number_types);
  text += row("torch", info.torch_version);
  return text;
}

}  // namespace

int doctor_command(const DoctorOptions& options, Program& program) {
  const Findings findings = examine(options, program);
  if (options.json) {
    // Paths need not be UTF-8; they are shown as well as can be.
    program.out << to_json(findings).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    program.out << to_text(findings);
  }
  for (const engine::Error& problem : findings.problems) report(program, problem);
  return findings.problems.empty() ? kSuccess : kFailed;
}

}  // namespace inpaint::lsp
