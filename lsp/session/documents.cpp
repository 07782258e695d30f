#include "lsp/session/documents.h"

#include <optional>
#include <utility>

namespace inpaint::lsp {
namespace {

/// The member if it is a text; else nothing.
std::optional<std::string> text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::int64_t version_of(const Json& document) {
  const auto found = document.find("version");
  return found != document.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

const Json& member(const Json& params, const char* key) {
  static const Json kEmpty = Json::object();
  if (!params.is_object()) return kEmpty;
  const auto found = params.find(key);
  return found != params.end() && found->is_object() ? *found : kEmpty;
}

std::optional<ContentChange> change_from(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  auto text = text_at(json, "text");
  if (!text) return std::nullopt;
  ContentChange change{std::nullopt, std::move(*text)};
  const auto range = json.find("range");
  if (range == json.end() || range->is_null()) return change;
  change.range = range_from(*range);
  if (!change.range) return std::nullopt;
  return change;
}

}  // namespace

std::string uri_of(const Json& params) {
  return text_at(member(params, "textDocument"), "uri").value_or("");
}

void Documents::did_open(const Json& params) {
  const Json& item = member(params, "textDocument");
  const auto uri = text_at(item, "uri");
  auto text = text_at(item, "text");
  if (!uri || !text) return log_.problem("didOpen without a URI or a text is ignored");
  if (open_.contains(*uri)) log_.problem("didOpen of a document that is open: " + *uri);
  open_.insert_or_assign(*uri, Document(*uri, text_at(item, "languageId").value_or(""),
                                        version_of(item), *text, encoding_));
}

void Documents::did_change(const Json& params) {
  const std::string uri = uri_of(params);
  const auto found = open_.find(uri);
  if (found == open_.end()) {
    return log_.problem("didChange of a document that is not open is ignored: " + uri);
  }
  Document& document = found->second;
  const std::int64_t version = version_of(member(params, "textDocument"));
  if (version != 0 && version <= document.version()) {
    // Applied nevertheless: the order of arrival is the only one that there is.
    log_.problem("didChange with an older version: " + uri);
  }
  const auto changes = params.find("contentChanges");
  if (changes == params.end() || !changes->is_array()) {
    return log_.problem("didChange without contentChanges is ignored: " + uri);
  }
  for (const Json& json : *changes) {
    const auto change = change_from(json);
    if (change) document.apply(*change);
    else log_.problem("a content change that can not be read is ignored: " + uri);
  }
  document.set_version(version);
}

std::string Documents::did_close(const Json& params) {
  std::string uri = uri_of(params);
  if (open_.erase(uri) > 0) return uri;
  log_.problem("didClose of a document that is not open is ignored: " + uri);
  return "";
}

const Document* Documents::find(const std::string& uri) const {
  const auto found = open_.find(uri);
  return found == open_.end() ? nullptr : &found->second;
}

}  // namespace inpaint::lsp
