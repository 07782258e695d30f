#include "lsp/command/rewrite_command.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "grammar/base/text_lines.h"
#include "lsp/command/source_file.h"
#include "lsp/command/user_languages.h"
#include "lsp/completion/rewriter.h"
#include "lsp/document/model_path.h"

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::Result;
using Json = nlohmann::json;

constexpr int kAlternatives = 4;  // to choose from where another text is wanted

Result<grammar::ByteRange> bytes_of(std::string_view text, LineRange lines) {
  const std::size_t n_lines = grammar::count_lines(text);
  if (lines.last > n_lines)
    return engine::failure(ErrorCode::bad_argument, fmt::format("line {}", lines.last),
                           fmt::format("the file has {}", n_lines), "name lines of it");
  std::size_t begin = 0;
  for (std::size_t i = 1; i < lines.first; ++i) begin = grammar::line_at(text, begin).next;
  std::size_t end = begin;
  for (std::size_t i = lines.first; i < lines.last; ++i) end = grammar::line_at(text, end).next;
  return grammar::ByteRange{begin, grammar::line_at(text, end).end};
}

Result<Rewriting> rewrite(const Rewriter& rewriter, const CompletionRequest& request,
                          const RewriteOptions& options) {
  const std::string& text = *request.place.text;
  if (!options.lines) return rewriter.fill_marked(request, {0, text.size()});
  const auto lines = bytes_of(text, *options.lines);
  if (!lines) return std::unexpected(lines.error());
  std::vector<grammar::ByteRange> kept;
  for (const LineRange& one : options.kept) {
    const auto bytes = bytes_of(text, one);
    if (!bytes) return std::unexpected(bytes.error());
    kept.push_back(*bytes);
  }
  return rewriter.refill(request, *lines, kept);
}

Json to_json(const Rewrite& chosen, const Rewriting& rewriting) {
  Json edits = Json::array();
  for (const Replacement& part : chosen)
    edits.push_back({{"begin", part.range.begin}, {"end", part.range.end}, {"text", part.text}});
  return {{"holes", rewriting.n_holes}, {"edits", std::move(edits)}};
}

}  // namespace

int rewrite_command(const RewriteOptions& options, Program& program) {
  auto text = read_source_file(options.file);
  if (!text) return report(program, text.error());
  const UserLanguages own = UserLanguages::load(program.config_folder / kLanguagesFile);
  const grammar::LanguageSet languages = own.set();
  CompletionRequest request;
  request.place.path = path_for_model(options.file, program.working_folder);
  request.place.language = languages.for_path(options.file, *text);
  request.place.text = std::make_shared<const std::string>(std::move(*text));
  request.decoding.alternatives = options.seed == 0 ? 1 : kAlternatives;
  request.decoding.seed = options.seed;
  request.stop = program.stop;

  const auto engine = program.open_model_or_mini(options.model);
  if (!engine) return report(program, engine.error());
  if (const auto& why = (*engine)->info().in_place_of) report(program, *why);
  const auto rewriting = rewrite(Rewriter(**engine), request, options);
  if (!rewriting) return report(program, rewriting.error());
  if (rewriting->n_holes == 0)
    return report(program, {ErrorCode::bad_argument, options.file, "nothing in it is marked",
                            "write … where something is missing, or name lines with --lines"});
  if (rewriting->alternatives.empty())
    return report(program, {ErrorCode::unavailable, options.file, "nothing was found that fits",
                            "try another --seed"});

  const Rewrite& chosen = rewriting->alternatives[options.seed % rewriting->alternatives.size()];
  if (options.json) {
    program.out << to_json(chosen, *rewriting) << '\n';
    return kSuccess;
  }
  program.out << rewritten(*request.place.text, chosen);
  program.err << fmt::format("{} of {} places written\n", chosen.size(), rewriting->n_holes);
  return kSuccess;
}

}  // namespace inpaint::lsp
