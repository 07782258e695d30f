// Models that are known by a name: where each is published, how large it is, what its bytes must be,
// and under which licence it may be used.
//
// The catalogue is one file that a person can read, packaging/models/catalogue.json; its first lines
// say what its words mean. The name of a model is what `inpaint models get` and `--model` take.
//
// Errors: bad_config, naming file and model; file_not_found, io_failed.
// Thread rule: immutable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::lsp {

struct KnownModel {
  std::string name;
  std::string title;
  std::string publisher;
  std::string revision;
  std::string address;  // https://..., or http:// on the loopback
  std::string file;     // its name where models are kept: ends with ".gguf"
  std::uint64_t bytes = 0;
  std::string sha256;            // 64 lower-case hexadecimal digits
  std::string sha256_stated_at;  // may be empty
  std::string licence;
  bool permissive = false;
  std::vector<std::string> languages;
  bool has_mirror = false;  // packaging/models/mirror.py knows where else it is
};

class Catalogue {
 public:
  Catalogue() = default;
  static engine::Result<Catalogue> load(const std::filesystem::path& file);
  /// `what` stands for the file in errors.
  static engine::Result<Catalogue> parse(std::string_view text, std::string_view what);

  const std::vector<KnownModel>& models() const { return models_; }
  /// Null: no model of this name.
  const KnownModel* find(std::string_view name) const;
  /// The one to use where nobody has chosen any, if it is here. Null: none.
  const KnownModel* default_model() const { return find(default_); }

 private:
  std::vector<KnownModel> models_;
  std::string default_;
};

/// Whether a word can name a model: letters, digits, '.', '-' and '_', the first a letter or digit,
/// at most 100. So it is never a path.
bool is_model_name(std::string_view word);

/// The folder of the catalogue and its script: share/inpaint/models of the installation that `program`
/// (a file) is of, else packaging/models of the source tree that it was built in.
engine::Result<std::filesystem::path> catalogue_folder(const std::filesystem::path& program);
inline constexpr std::string_view kCatalogueFile = "catalogue.json";

}  // namespace inpaint::lsp
