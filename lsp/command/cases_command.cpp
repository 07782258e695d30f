#include "lsp/command/cases_command.h"

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/base/utf8.h"
#include "engine/training/corpus/neighbourhood.h"
#include "engine/training/corpus/source_files.h"
#include "lsp/evaluation/case_files.h"
#include "lsp/evaluation/case_sampler.h"
#include "lsp/evaluation/eval_case.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::Error;
using engine::ErrorCode;
using engine::Result;
using grammar::HoleKind;

/// Cases of one language, kind by kind, until there are enough.
class LanguageCases {
 public:
  LanguageCases(std::string language, const CasesOptions& options)
      : language_(std::move(language)), options_(options) {
    std::size_t rest = options.per_language % options.kinds.size();
    for (const std::string& kind : options.kinds) {
      Wanted wanted{*kind_by_name(kind), options.per_language / options.kinds.size(), {}};
      if (rest > 0) {
        --rest;
        ++wanted.missing;
      }
      wanted_.push_back(std::move(wanted));
    }
  }

  bool enough() const {
    return std::ranges::all_of(wanted_, [](const Wanted& one) { return one.missing == 0; });
  }

  /// One case of every kind that is missing. `round` counts how often the file was asked before;
  /// `neighbours` gives the texts beside it.
  template <class Neighbours>
  void ask(const CaseFile& file, int round, const Neighbours& neighbours) {
    const auto text = engine::read_source_text(file.file);
    if (!text || looks_generated(*text)) return;
    EvalCase like;
    like.language = language_;
    like.path = file.path;
    const CaseSampler sampler(*text, language_of(like));
    for (Wanted& wanted : wanted_) {
      if (wanted.missing == 0) continue;
      // Each kind has its own chance: asking for one more kind moves no case of another.
      std::mt19937_64 random(seed_of(file.package + file.path + ":" +
                                         std::string(to_string(wanted.kind)) +
                                         std::to_string(round),
                                     options_.seed));
      const auto hole = sampler.draw(wanted.kind, random);
      if (!hole) continue;
      EvalCase cut = sampler.cut(*hole, options_.max_context_bytes);
      cut.id =
          fmt::format("{}-{}-{:04}", language_, to_string(wanted.kind), wanted.cases.size() + 1);
      cut.language = language_;
      cut.kind = wanted.kind;
      cut.path = file.path;
      cut.neighbours = neighbours(*text);
      wanted.cases.push_back(to_json_line(cut));
      --wanted.missing;
    }
  }

  /// The `turn`-th case of every kind.
  Result<void> write(std::size_t turn, engine::AtomicFile& out) const {
    for (const Wanted& wanted : wanted_) {
      if (turn >= wanted.cases.size()) continue;
      if (auto written = out.write(wanted.cases[turn] + "\n"); !written) return written;
    }
    return {};
  }

  std::string report() const {
    std::string line = fmt::format("{:<12}", language_);
    for (const Wanted& wanted : wanted_)
      line += fmt::format(" {:>5} {}{}", wanted.cases.size(), to_string(wanted.kind),
                          wanted.missing > 0 ? fmt::format(" ({} too few)", wanted.missing) : "");
    return line + "\n";
  }

  std::size_t count() const {
    std::size_t n = 0;
    for (const Wanted& wanted : wanted_) n += wanted.cases.size();
    return n;
  }

 private:
  struct Wanted {
    HoleKind kind = HoleKind::line;
    std::size_t missing = 0;
    std::vector<std::string> cases;  // as lines
  };

  std::string language_;
  const CasesOptions& options_;
  std::vector<Wanted> wanted_;
};

/// The beginning of a text, as much as an open file adds to what is looked through.
constexpr std::size_t kNeighbourBytes = 24UL * 1024;

/// Texts of the files that lie beside one, unless they are a copy of it.
std::vector<std::string> texts_beside(const std::vector<CaseFile>& files,
                                      const std::vector<std::size_t>& beside,
                                      const std::string& own) {
  std::vector<std::string> texts;
  for (const std::size_t neighbour : beside) {
    auto text = engine::read_source_text(files[neighbour].file);
    if (!text || *text == own) continue;
    if (text->size() > kNeighbourBytes)
      text->resize(engine::valid_utf8_prefix(std::string_view(*text).substr(0, kNeighbourBytes)));
    texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace

int cases_command(const CasesOptions& options, Program& program) {
  constexpr int kRounds = 2;
  const auto files =
      find_case_files(options.from, options.strip, options.seed, options.language.value_or(""));
  if (!files) return report(program, files.error());
  auto out = engine::AtomicFile::create(options.out);
  if (!out) return report(program, out.error());
  std::vector<LanguageCases> languages;
  std::size_t n = 0;
  for (const auto& [language, found] : *files) {
    LanguageCases cases(language, options);
    std::vector<engine::Neighbourhood::File> names;
    for (const CaseFile& file : found) names.push_back({file.package, file.path});
    const engine::Neighbourhood neighbourhood(names);
    for (int round = 0; round < kRounds && !cases.enough(); ++round) {
      for (std::size_t i = 0; i < found.size() && !cases.enough(); ++i) {
        if (program.stop.stop_requested())
          return report(program, {ErrorCode::cancelled, options.out, "stopped", ""});
        cases.ask(found[i], round, [&](const std::string& own) {
          return texts_beside(found, neighbourhood.of(i, options.neighbours), own);
        });
      }
    }
    program.err << cases.report();
    n += cases.count();
    languages.push_back(std::move(cases));
  }
  if (n == 0) {
    return report(program, {ErrorCode::bad_data, options.from, "no source file gave a case",
                            "name a folder with source files in a known language"});
  }
  // Languages and kinds take turns, so that the first few hundred stand for the whole.
  for (std::size_t turn = 0; turn < options.per_language; ++turn) {
    for (const LanguageCases& cases : languages)
      if (const auto written = cases.write(turn, *out); !written)
        return report(program, written.error());
  }
  if (const auto done = out->commit(); !done) return report(program, done.error());
  return kSuccess;
}

}  // namespace inpaint::lsp
