#include "lsp/models/catalogue.h"

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/file_handle.h"
#include "engine/base/shipped_places.h"
#include "engine/base/strict_json.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::failure;
using engine::Result;
using Json = nlohmann::json;

constexpr std::uint64_t kLargestCatalogue = 1 << 20;
constexpr std::uint64_t kLargestModel = std::uint64_t{1} << 40;
constexpr std::size_t kDigitsOfSha256 = 64;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_sha256(std::string_view text) {
  return text.size() == kDigitsOfSha256 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// Bytes are trusted by their hash, but who asks for them is nobody else's business.
bool is_address(std::string_view text) {
  constexpr std::array<std::string_view, 5> kBegins = {
      "https://", "http://127.0.0.1:", "http://127.0.0.1/", "http://localhost:", "http://[::1]:"};
  const bool begins =
      std::ranges::any_of(kBegins, [&](auto begin) { return text.starts_with(begin); });
  return begins && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Reads the words of one model; the first that is wrong is kept.
class Reader {
 public:
  explicit Reader(const Json& model) : model_(model) {}

  std::string text(const char* key, bool needed = true) {
    const auto found = model_.find(key);
    if (found != model_.end() && found->is_string() && (!needed || !found->empty()))
      if (std::string value = found->get<std::string>(); !needed || !value.empty()) return value;
    if (needed || found != model_.end()) wrong(key, "is no text");
    return {};
  }
  std::uint64_t bytes(const char* key) {
    const auto found = model_.find(key);
    if (found != model_.end() && found->is_number_unsigned())
      if (const auto value = found->get<std::uint64_t>(); value > 0 && value <= kLargestModel)
        return value;
    wrong(key, "is no size");
    return 0;
  }
  bool flag(const char* key) {
    const auto found = model_.find(key);
    if (found != model_.end() && found->is_boolean()) return found->get<bool>();
    wrong(key, "is neither true nor false");
    return false;
  }
  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> values;
    const auto found = model_.find(key);
    if (found == model_.end() || !found->is_array()) {
      wrong(key, "is no list");
      return values;
    }
    for (const Json& one : *found) {
      if (one.is_string()) values.push_back(one.get<std::string>());
      else wrong(key, "holds what is no text");
    }
    return values;
  }
  bool has(const char* key) const { return model_.contains(key); }
  void need(bool holds, const char* key, std::string_view why) {
    if (!holds) wrong(key, why);
  }
  const std::optional<std::string>& problem() const { return problem_; }

 private:
  void wrong(const char* key, std::string_view why) {
    if (!problem_) problem_ = fmt::format("`{}` {}", key, why);
  }

  const Json& model_;
  std::optional<std::string> problem_;
};

KnownModel read(Reader& reader) {
  KnownModel model{.name = reader.text("name"),
                   .title = reader.text("title"),
                   .publisher = reader.text("publisher"),
                   .revision = reader.text("revision"),
                   .address = reader.text("address"),
                   .file = reader.text("file"),
                   .bytes = reader.bytes("bytes"),
                   .sha256 = reader.text("sha256"),
                   .sha256_stated_at = reader.text("sha256_stated_at", /*needed=*/false),
                   .licence = reader.text("licence"),
                   .permissive = reader.flag("permissive"),
                   .languages = reader.texts("languages"),
                   .has_mirror = reader.has("mirror")};
  reader.need(is_model_name(model.name), "name", "is no name of a model");
  reader.need(is_model_name(model.file) && model.file.ends_with(".gguf"), "file",
              "is no name of a .gguf file");
  reader.need(is_address(model.address), "address", "does not begin with https://");
  reader.need(is_sha256(model.sha256), "sha256", "is not 64 lower-case hexadecimal digits");
  return model;
}

std::unexpected<engine::Error> wrong(std::string_view what, std::string why) {
  return failure(ErrorCode::bad_config, std::string(what), std::move(why),
                 "mend the catalogue or use the one that comes with Inpaint");
}

}  // namespace

bool is_model_name(std::string_view word) {
  constexpr std::size_t kLongest = 100;
  return !word.empty() && word.size() <= kLongest && is_letter_or_digit(word.front()) &&
         std::ranges::all_of(word, [](char c) {
           return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_';
         });
}

Result<Catalogue> Catalogue::load(const fs::path& file) {
  const auto text = engine::read_whole_file(file, kLargestCatalogue);
  if (!text) return std::unexpected(text.error());
  return parse(*text, file.string());
}

Result<Catalogue> Catalogue::parse(std::string_view text, std::string_view what) {
  const auto all = engine::parse_strict_json(text, {}, ErrorCode::bad_config, what);
  if (!all) return std::unexpected(all.error());
  if (!all->is_object() || !all->contains("models") || !(*all)["models"].is_array())
    return wrong(what, "it has no list `models`");
  Catalogue catalogue;
  for (const Json& one : (*all)["models"]) {
    if (!one.is_object()) return wrong(what, "`models` holds what is no object");
    Reader reader(one);
    KnownModel model = read(reader);
    const std::string place = fmt::format("model {}: ", catalogue.models_.size() + 1);
    if (reader.problem()) return wrong(what, place + *reader.problem());
    for (const KnownModel& other : catalogue.models_)
      if (other.name == model.name || other.file == model.file)
        return wrong(what, place + "another one has its name or file");
    catalogue.models_.push_back(std::move(model));
  }
  if (const auto named = all->find("default"); named != all->end()) {
    if (named->is_string()) catalogue.default_ = named->get<std::string>();
    if (!catalogue.default_model()) return wrong(what, "`default` names none of its models");
  }
  return catalogue;
}

const KnownModel* Catalogue::find(std::string_view name) const {
  const auto found = std::ranges::find(models_, name, &KnownModel::name);
  return found == models_.end() ? nullptr : &*found;
}

Result<fs::path> catalogue_folder(const fs::path& program) {
  std::string tried;
  for (const fs::path& place : engine::shipped_places(
           program, "models", fs::path(INPAINT_SOURCE_DIR) / "packaging/models")) {
    std::error_code unknown;
    if (fs::exists(place / kCatalogueFile, unknown)) return place;
    tried += (tried.empty() ? "" : ", ") + place.string();
  }
  return failure(ErrorCode::file_not_found, std::string(kCatalogueFile), "not found in " + tried,
                 "install Inpaint whole, or name one with --catalogue");
}

}  // namespace inpaint::lsp
