#include "lsp/client/client_capabilities.h"

#include <algorithm>
#include <initializer_list>

#include "lsp/protocol/uri.h"

namespace inpaint::lsp {
namespace {

/// The value at the end of a row of keys; null where any of them is missing.
const Json& at(const Json& json, std::initializer_list<const char*> keys) {
  static const Json kNull;
  const Json* found = &json;
  for (const char* key : keys) {
    if (!found->is_object()) return kNull;
    const auto next = found->find(key);
    if (next == found->end()) return kNull;
    found = &*next;
  }
  return *found;
}

bool is_true(const Json& json, std::initializer_list<const char*> keys) {
  return at(json, keys) == true;
}

bool holds(const Json& list, const Json& value) {
  return list.is_array() && std::ranges::find(list, value) != list.end();
}

}  // namespace

ClientCapabilities client_capabilities_from(const Json& capabilities) {
  ClientCapabilities client;
  const Json& encodings = at(capabilities, {"general", "positionEncodings"});
  if (encodings.is_array()) {
    for (const Json& name : encodings) {
      if (!name.is_string()) continue;
      const auto encoding = position_encoding(name.get_ref<const std::string&>());
      if (encoding) client.encodings.push_back(*encoding);
    }
  }
  client.inline_completion = at(capabilities, {"textDocument", "inlineCompletion"}).is_object();
  const Json& item = at(capabilities, {"textDocument", "completion", "completionItem"});
  client.snippets = is_true(item, {"snippetSupport"});
  client.insert_replace = is_true(item, {"insertReplaceSupport"});
  client.insert_as_is = holds(at(item, {"insertTextModeSupport", "valueSet"}), 1);
  client.markdown_docs = holds(at(item, {"documentationFormat"}), "markdown");
  client.label_details = is_true(item, {"labelDetailsSupport"});
  client.progress = is_true(capabilities, {"window", "workDoneProgress"});
  client.pulls_settings = is_true(capabilities, {"workspace", "configuration"});
  client.registers_settings =
      is_true(capabilities, {"workspace", "didChangeConfiguration", "dynamicRegistration"});
  client.registers_completion =
      is_true(capabilities, {"textDocument", "completion", "dynamicRegistration"});
  const Json& actions = at(capabilities, {"textDocument", "codeAction"});
  client.resolves_edits = at(actions, {"codeActionLiteralSupport"}).is_object() &&
                          is_true(actions, {"dataSupport"}) &&
                          holds(at(actions, {"resolveSupport", "properties"}), "edit");
  client.versioned_edits = is_true(capabilities, {"workspace", "workspaceEdit", "documentChanges"});
  return client;
}

PositionEncoding choose_encoding(const ClientCapabilities& client,
                                 std::optional<PositionEncoding> wanted) {
  const auto offers = [&](PositionEncoding encoding) {
    return std::ranges::find(client.encodings, encoding) != client.encodings.end();
  };
  if (wanted && offers(*wanted)) return *wanted;
  if (client.encodings.empty() || offers(PositionEncoding::utf16)) return PositionEncoding::utf16;
  return client.encodings.front();
}

std::vector<std::filesystem::path> workspace_folders_from(const Json& params) {
  std::vector<std::filesystem::path> folders;
  const auto add = [&](const Json& uri) {
    if (uri.is_string() && is_file_uri(uri.get_ref<const std::string&>())) {
      folders.push_back(path_of_uri(uri.get_ref<const std::string&>()));
    }
  };
  const Json& named = at(params, {"workspaceFolders"});
  if (named.is_array()) {
    for (const Json& folder : named) add(at(folder, {"uri"}));
  }
  if (folders.empty()) add(at(params, {"rootUri"}));
  const Json& root = at(params, {"rootPath"});
  if (folders.empty() && root.is_string()) folders.emplace_back(root.get<std::string>());
  return folders;
}

}  // namespace inpaint::lsp
