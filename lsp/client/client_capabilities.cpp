#include "lsp/client/client_capabilities.h"

#include <algorithm>
#include <initializer_list>

#include "lsp/protocol/loose_json.h"
#include "lsp/protocol/uri.h"

namespace inpaint::lsp {
namespace {

bool is_true(const Json& json, std::initializer_list<std::string_view> keys) {
  return flag(member(json, keys)) == true;
}

bool holds(const Json& list, const Json& value) {
  return std::ranges::any_of(elements_of(list), [&](const Json* one) { return *one == value; });
}

}  // namespace

ClientCapabilities client_capabilities_from(const Json& capabilities) {
  ClientCapabilities client;
  for (const Json* name : elements_of(member(capabilities, {"general", "positionEncodings"}))) {
    const auto encoding = position_encoding(text_of(*name).value_or(""));
    if (encoding) client.encodings.push_back(*encoding);
  }
  client.inline_completion = is_table(member(capabilities, {"textDocument", "inlineCompletion"}));
  const Json& item = member(capabilities, {"textDocument", "completion", "completionItem"});
  client.snippets = is_true(item, {"snippetSupport"});
  client.insert_replace = is_true(item, {"insertReplaceSupport"});
  client.insert_as_is = holds(member(item, {"insertTextModeSupport", "valueSet"}), 1);
  client.markdown_docs = holds(member(item, {"documentationFormat"}), "markdown");
  client.label_details = is_true(item, {"labelDetailsSupport"});
  client.progress = is_true(capabilities, {"window", "workDoneProgress"});
  client.pulls_settings = is_true(capabilities, {"workspace", "configuration"});
  client.registers_settings =
      is_true(capabilities, {"workspace", "didChangeConfiguration", "dynamicRegistration"});
  client.registers_completion =
      is_true(capabilities, {"textDocument", "completion", "dynamicRegistration"});
  const Json& actions = member(capabilities, {"textDocument", "codeAction"});
  client.resolves_edits = is_table(member(actions, "codeActionLiteralSupport")) &&
                          is_true(actions, {"dataSupport"}) &&
                          holds(member(actions, {"resolveSupport", "properties"}), "edit");
  client.versioned_edits = is_true(capabilities, {"workspace", "workspaceEdit", "documentChanges"});
  client.shows_status = is_true(capabilities, {"experimental", "inpaintStatus"});
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
  const auto add = [&](const Json& named) {
    const Uri uri(text_of(named).value_or(""));
    if (uri.is_file()) folders.push_back(uri.path());
  };
  for (const Json* folder : elements_of(member(params, "workspaceFolders")))
    add(member(*folder, "uri"));
  if (folders.empty()) add(member(params, "rootUri"));
  if (folders.empty()) add(member(params, "rootPath"));  // a path, which Uri knows as well
  return folders;
}

}  // namespace inpaint::lsp
