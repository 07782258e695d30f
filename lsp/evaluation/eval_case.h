// What an evaluation asks: a file with a piece cut out, and the piece. One JSON object a line.
//
//   id        unique in the file
//   language  as `--language` names it; one without a grammar is completed without a tree
//   prefix    the text before the cut    suffix   the text behind it    target   what was cut out
//   kind      optional: one of the words of grammar::HoleKind; absent, the planner decides
//   path      optional: as the model should see it
//   neighbours  optional: texts of files that are open beside it, most useful first
// Other keys are let pass, so that cases of other benchmarks can carry what they like.
//
// A file of cases is trusted no more than any other: everything is checked before any work is done.
//
// Units:  bytes, UTF-8; the cursor is at the end of `prefix`.
// Errors: bad_data, as `FILE:LINE: why: remedy`; file_not_found, io_failed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/tree/language.h"

namespace inpaint::lsp {

struct EvalCase {
  std::string id;
  std::string language;
  std::optional<grammar::HoleKind> kind;
  std::string path;
  std::string prefix;
  std::string suffix;
  std::string target;
  std::vector<std::string> neighbours;
  friend bool operator==(const EvalCase&, const EvalCase&) = default;
};

/// Far above any real set of cases, and low enough for a laptop's memory.
inline constexpr std::size_t kLargestCaseFile = 2UL << 30;
inline constexpr std::size_t kLargestCase = 16UL << 20;

/// The kind with this name, as grammar::to_string() writes it.
std::optional<grammar::HoleKind> kind_by_name(std::string_view name);

/// Null: it has no grammar. The path tells TSX from TypeScript; else the case's own word counts,
/// and the path where it says nothing that is known.
const grammar::Language* language_of(const EvalCase& asked);

/// `where` is FILE:LINE, for the error.
engine::Result<EvalCase> parse_case(std::string_view line, const std::string& where);

/// One line, without its line end.
std::string to_json_line(const EvalCase& asked);

/// All of a file, but no more than `limit` where that is not 0. Blank lines are skipped. Every line
/// that is read is checked, and no id may come twice.
engine::Result<std::vector<EvalCase>> read_cases(const std::filesystem::path& path,
                                                 std::size_t limit = 0);

}  // namespace inpaint::lsp
