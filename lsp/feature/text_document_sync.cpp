#include "lsp/feature/text_document_sync.h"

#include <optional>
#include <utility>

#include "lsp/feature/fill_params.h"
#include "lsp/protocol/loose_json.h"

namespace inpaint::lsp {
namespace {

constexpr int kIncremental = 2;  // TextDocumentSyncKind

std::int64_t version_of(const Json& document) {
  return whole_number(member(document, "version")).value_or(0);
}

/// Texts are long: this one is moved out of where it stands.
std::optional<std::string> take_text(Json& object) {
  if (!member(object, "text").is_string()) return std::nullopt;
  return std::move(object["text"].get_ref<std::string&>());
}

std::optional<ContentChange> take_change(Json& json) {
  const Json& range = member(json, "range");
  ContentChange change{range_from(range), {}};
  if (!range.is_null() && !change.range) return std::nullopt;
  auto text = take_text(json);
  if (!text) return std::nullopt;
  change.text = std::move(*text);
  return change;
}

}  // namespace

std::expected<DidOpenParams, std::string> DidOpenParams::read(Json& params) {
  DidOpenParams read{.opened = {.uri = document_of(params)}};
  if (read.opened.uri.empty()) return std::unexpected("no URI");
  Json& item = params["textDocument"];
  auto text = take_text(item);
  if (!text) return std::unexpected("no text");
  read.opened.language_id = text_of(member(item, "languageId")).value_or("");
  read.opened.version = version_of(item);
  read.opened.text = std::move(*text);
  return read;
}

std::expected<DidChangeParams, std::string> DidChangeParams::read(Json& params) {
  DidChangeParams read{.document = document_of(params)};
  if (read.document.empty()) return std::unexpected("no URI");
  read.version = version_of(params["textDocument"]);
  if (member(params, "contentChanges").is_null()) return std::unexpected("no contentChanges");
  Json& changes = params["contentChanges"];
  if (changes.is_object() && !changes.empty()) changes = Json::array({std::move(changes)});
  if (!changes.is_array() && !is_table(changes))
    return std::unexpected("contentChanges is no list");
  for (Json& json : changes) {
    auto change = take_change(json);
    if (!change) return std::unexpected("a content change that can not be read");
    read.changes.push_back(std::move(*change));
  }
  return read;
}

std::expected<DocumentParams, std::string> DocumentParams::read(const Json& params) {
  DocumentParams read{document_of(params)};
  if (read.document.empty()) return std::unexpected("no URI");
  return read;
}

Json TextDocumentSync::offer() {
  return {{"openClose", true}, {"change", kIncremental}, {"save", {{"includeText", false}}}};
}

void TextDocumentSync::did_open(DidOpenParams params) {
  // A client may open twice; what was asked about the older text has ended.
  parts_.questions.forget(params.opened.uri);
  parts_.documents.open(std::move(params.opened));
}

void TextDocumentSync::did_change(DidChangeParams params) {
  parts_.documents.change(params.document, params.version, std::move(params.changes));
}

void TextDocumentSync::did_save(const DocumentParams& params) {
  parts_.documents.save(params.document);
}

void TextDocumentSync::did_close(const DocumentParams& params) {
  if (parts_.documents.close(params.document)) parts_.questions.forget(params.document);
}

void TextDocumentSync::lost_open(const Json& params, const std::string& why) {
  const Uri document = document_of(params);
  if (!document.empty()) lose(document, why);
}

void TextDocumentSync::lost_change(const Json& params, const std::string& why) {
  const Uri document = document_of(params);
  if (parts_.documents.find(document) != nullptr) lose(document, why);
}

void TextDocumentSync::lose(const Uri& document, const std::string& why) {
  parts_.questions.forget(document);
  if (!parts_.documents.lose(document)) return;
  const std::string name = document.path().filename().string();
  parts_.log.problem("out of step with " + document.spelled() + ": " + why);
  parts_.client.show_message(MessageType::warning, "Inpaint: nothing is offered in " + name +
                                                       " until it is opened again: " + why);
}

}  // namespace inpaint::lsp
