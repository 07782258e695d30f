#include "lsp/document/documents.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lsp/document/document_kind.h"

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
  Document document(*uri, text_at(item, "languageId").value_or(""), version_of(item),
                    std::move(*text), encoding_);
  ParsedDocument parsed(language_of(document, languages_));
  const auto [at, is_new] = open_.insert_or_assign(
      *uri, Open{std::move(document), std::move(parsed), {}, ++last_number_, ++last_touched_});
  follow(at->second);
}

/// Has the newest text parsed: here, or in the background.
void Documents::follow(Open& open) {
  open.parsed.catch_up(open.document.text());
  open.place.on_tree(open.document, open.parsed.tree());
  auto job = open.parsed.begin_job(open.document);
  if (!job) return;
  parser_.parse(std::move(*job), [this, uri = open.document.uri(), number = open.number,
                                  job_number = open.parsed.job_number()](const Tree& tree) {
    const auto found = open_.find(uri);
    if (found == open_.end() || found->second.number != number ||
        found->second.parsed.job_number() != job_number) {
      return;
    }
    found->second.parsed.adopt(tree);
    follow(found->second);
  });
}

void Documents::apply(Open& open, ContentChange change) {
  const auto edit = open.document.apply(std::move(change));
  if (!edit) {
    open.parsed.restart(open.parsed.language());
    open.place.forget();
    return;
  }
  open.place.on_edit(open.document, *edit, open.parsed.tree());
  open.parsed.edit(*edit);  // after that there is no tree until all changes of a message are made
}

void Documents::did_change(const Json& params) {
  const std::string uri = uri_of(params);
  const auto found = open_.find(uri);
  if (found == open_.end()) {
    return log_.problem("didChange of a document that is not open is ignored: " + uri);
  }
  Document& document = found->second.document;
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
    auto change = change_from(json);
    if (change) apply(found->second, std::move(*change));
    else log_.problem("a content change that can not be read is ignored: " + uri);
  }
  document.set_version(version);
  found->second.touched = ++last_touched_;
  // A text that grows may show that it is C++ and not C.
  const grammar::Language* language = language_of(document, languages_);
  if (language != found->second.parsed.language()) found->second.parsed.restart(language);
  follow(found->second);
}

void Documents::did_save(const Json& params) {
  const auto found = open_.find(uri_of(params));
  if (found != open_.end()) found->second.place.forget();
}

std::string Documents::did_close(const Json& params) {
  std::string uri = uri_of(params);
  if (open_.erase(uri) > 0) return uri;
  log_.problem("didClose of a document that is not open is ignored: " + uri);
  return "";
}

const Document* Documents::find(const std::string& uri) const {
  const auto found = open_.find(uri);
  return found == open_.end() ? nullptr : &found->second.document;
}

std::vector<const Document*> Documents::newest_first() const {
  std::vector<const Open*> open;
  open.reserve(open_.size());
  for (const auto& [uri, one] : open_) open.push_back(&one);
  std::ranges::sort(open, std::ranges::greater{}, &Open::touched);
  std::vector<const Document*> documents;
  documents.reserve(open.size());
  for (const Open* one : open) documents.push_back(&one->document);
  return documents;
}

std::optional<grammar::ErrorCount> Documents::errors_before(const std::string& uri,
                                                            std::size_t cursor) const {
  const Open& open = open_.at(uri);
  return open.place.errors_before(open.document, cursor, open.parsed.tree());
}

}  // namespace inpaint::lsp
