#include "lsp/command/complete_command.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lsp/command/completion_output.h"
#include "lsp/command/source_file.h"
#include "lsp/command/source_location.h"
#include "lsp/command/user_languages.h"
#include "lsp/completion/completer.h"
#include "lsp/document/document.h"
#include "lsp/document/document_kind.h"
#include "lsp/document/model_path.h"
#include "lsp/feature/silence.h"
#include "lsp/terminal/watch_view.h"

namespace inpaint::lsp {
namespace {

using engine::Result;

Result<CompletionRequest> build_request(const CompleteOptions& options,
                                        const grammar::LanguageSet& languages,
                                        const Program& program) {
  const auto location = parse_location(options.location);
  if (!location) return std::unexpected(location.error());
  auto text = read_source_file(location->file);
  if (!text) return std::unexpected(text.error());
  const auto cursor = find_byte(*text, *location);
  if (!cursor) return std::unexpected(cursor.error());

  CompletionRequest request;
  Place& place = request.place;
  const auto* language = options.language ? language_named(*options.language, languages) : nullptr;
  place.path = path_for_model(location->file, program.working_folder, language);
  place.language = language ? language : languages.for_path(location->file.string(), *text);
  place.text = std::make_shared<const std::string>(std::move(*text));
  place.cursor = *cursor;
  for (const std::string& file : options.snippets) {
    auto snippet = read_source_file(file);
    if (!snippet) return std::unexpected(snippet.error());
    place.snippets.push_back({path_for_model(file, program.working_folder), std::move(*snippet)});
  }
  std::vector<std::string> neighbours;
  for (const std::string& file : options.neighbours) {
    auto neighbour = read_source_file(file);
    if (!neighbour) return std::unexpected(neighbour.error());
    neighbours.push_back(std::move(*neighbour));
  }
  place.neighbours = std::make_shared<const std::vector<std::string>>(std::move(neighbours));
  request.decoding = options.decoding;
  request.decoding.gate = options.why;
  request.count_errors = options.json;
  request.stop = program.stop;
  return request;
}

/// What keeps the server silent wherever one asks, also by hand.
std::optional<Silence> why_silent_in(const Place& place) {
  const Document document(Uri(place.path), "", 0, *place.text, PositionEncoding::utf8);
  return why_silent(document, Settings{}, /*snoozing=*/false,
                    {.in_person = true, .cursor = place.cursor});
}

engine::Error unknown_language(const std::string& name, const grammar::LanguageSet& languages) {
  std::string known;
  const auto add = [&](std::string_view one) {
    known += (known.empty() ? "" : ", ") + std::string(one);
  };
  for (const grammar::Language& language : grammar::languages()) add(language.name);
  for (const grammar::Language* language : languages.added()) add(language->name);
  return {engine::ErrorCode::bad_argument, "--language", "'" + name + "' is none of " + known,
          "see `inpaint complete --help`"};
}

Result<Completion> ask_model(const CompleteOptions& options, CompletionRequest& request,
                             Program& program) {
  const auto engine = program.open_model_or_mini(options.model);
  if (!engine) return std::unexpected(engine.error());
  if (const auto& why = (*engine)->info().in_place_of) report(program, *why);

  // With --json the answer alone belongs to standard output.
  std::ostream& watch_stream = options.json ? program.err : program.out;
  const Screen& watch_screen = options.json ? program.err_screen : program.out_screen;
  WatchView watch(watch_stream, watch_screen, use_color(options.color, watch_screen));
  if (options.watch) {
    request.on_step = [&](const HolePlan& hole, const engine::Step& step) {
      watch.draw(*request.place.text, hole.range, step);
    };
  }
  auto completion = Completer(**engine).complete(request);
  watch.finish();
  return completion;
}

}  // namespace

int complete_command(const CompleteOptions& options, Program& program) {
  // A word that is no place is wrong use; a place that is not there is a failure.
  if (const auto location = parse_location(options.location); !location) {
    return report(program, location.error(), kWrongUse);
  }
  const UserLanguages own = UserLanguages::load(program.config_folder / kLanguagesFile);
  const grammar::LanguageSet languages = own.set();
  for (const engine::Error& problem : own.problems()) report(program, problem);
  if (options.language && language_named(*options.language, languages) == nullptr)
    return report(program, unknown_language(*options.language, languages), kWrongUse);
  auto request = build_request(options, languages, program);
  if (!request) return report(program, request.error());
  const Place& place = request->place;
  Result<Completion> completion = Completion{.hole = {.range = {place.cursor, place.cursor}}};
  if (options.why) completion->silence = why_silent_in(place);
  if (!completion->silence) completion = ask_model(options, *request, program);
  if (!completion) return report(program, completion.error());

  if (options.json) {
    program.out << to_json(*completion) << '\n';
  } else {
    const bool color = use_color(options.color, program.out_screen);
    program.out << draw_completion(*completion, *place.text, color);
    if (place.language == nullptr)
      program.out << "there is no grammar for this file: it is filled line by line, unchecked\n";
  }
  return options.why && completion->silence ? kFailed : kSuccess;
}

}  // namespace inpaint::lsp
