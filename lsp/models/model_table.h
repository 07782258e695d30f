// What `inpaint models list` shows: the models that are known or here, a row for each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace inpaint::lsp {

struct ModelRow {
  std::string name;
  std::string path;  // empty: not here
  std::uint64_t bytes = 0;
  std::string licence;  // empty: only its owner knows
  std::vector<std::string> languages;
  std::optional<double> tokens_per_second;  // on this machine
  bool is_used = false;                     // where nothing else is named
  bool is_damaged = false;                  // here, and of another size than it should have
  // Of a model that can be fetched; empty and false for others.
  std::string address;      // its publisher's
  std::string kept_as;      // the file that it becomes, or is
  bool permissive = false;  // its licence asks for no yes
  bool is_default = false;  // used where it is here and nobody has chosen another
};

/// A table for people. The row in use has a star.
std::string to_text(const std::vector<ModelRow>& rows);
/// A JSON list of objects, for programs.
std::string to_json(const std::vector<ModelRow>& rows);

}  // namespace inpaint::lsp
