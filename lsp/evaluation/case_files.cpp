#include "lsp/evaluation/case_files.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/training/corpus/source_files.h"
#include "grammar/tree/language.h"
#include "lsp/evaluation/case_languages.h"
#include "lsp/evaluation/case_sampler.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;

/// Where the part of a path begins that names the file in its package.
std::size_t package_end(std::string_view path, int strip) {
  std::size_t begin = 0;
  for (int i = 0; i < strip; ++i) {
    const std::size_t slash = path.find('/', begin);
    if (slash == std::string_view::npos) break;
    begin = slash + 1;
  }
  return begin;
}

/// Files of each package in the order of their hashes, then one of each package in turn.
std::vector<CaseFile> in_turns(std::vector<CaseFile> files, std::uint64_t seed) {
  std::map<std::pair<std::uint64_t, std::string>, std::vector<CaseFile>> packages;
  std::size_t most = 0;
  for (CaseFile& file : files) {
    auto& package = packages[{seed_of(file.package, seed), file.package}];
    package.push_back(std::move(file));
    most = std::max(most, package.size());
  }
  for (auto& [key, package] : packages) {
    std::ranges::sort(package, {}, [seed](const CaseFile& file) {
      return std::pair(seed_of(file.path, seed), file.path);
    });
  }
  std::vector<CaseFile> ordered;
  ordered.reserve(files.size());
  for (std::size_t turn = 0; turn < most; ++turn)
    for (auto& [key, package] : packages)
      if (turn < package.size()) ordered.push_back(std::move(package[turn]));
  return ordered;
}

}  // namespace

engine::Result<std::map<std::string, std::vector<CaseFile>>>
find_case_files(const fs::path& folder, int strip, std::uint64_t seed, std::string_view wanted) {
  const bool has_grammar = wanted.empty() || grammar::language_by_name(wanted) != nullptr;
  const auto found = engine::find_source_files(folder, has_grammar ? &engine::source_language
                                                                   : &language_without_grammar);
  if (!found) return std::unexpected(found.error());
  std::map<std::string, std::vector<CaseFile>> languages;
  for (const engine::SourceFile& source : *found) {
    const std::size_t end = package_end(source.path, strip);
    CaseFile file{folder / source.path, source.path.substr(end), source.path.substr(0, end)};
    std::string language = source.language;
    if (source.path.ends_with(".h")) {
      const auto text = engine::read_source_text(file.file);
      if (!text) continue;
      language = engine::refine_language(language, source.path, *text);
    }
    if (!wanted.empty() && language != wanted) continue;
    languages[language].push_back(std::move(file));
  }
  for (auto& [language, files] : languages) files = in_turns(std::move(files), seed);
  return languages;
}

}  // namespace inpaint::lsp
