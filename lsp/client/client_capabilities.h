// What the client on the other side can do, as far as it changes what we do.
//
// A member that is missing or of a wrong kind counts as "can not": capabilities only ever add.
//
// Source: Language Server Protocol 3.18, "Client Capabilities"; what real clients send is in the
// tests.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lsp/protocol/message.h"
#include "lsp/protocol/position.h"

namespace inpaint::lsp {

struct ClientCapabilities {
  std::vector<PositionEncoding> encodings;  // in the client's order; empty: it names none
  bool inline_completion = false;
  bool snippets = false;
  bool insert_replace = false;
  bool insert_as_is = false;    // insertTextMode asIs
  bool markdown_docs = false;   // of completion items
  bool label_details = false;   // of completion items
  bool progress = false;        // window/workDoneProgress/create
  bool pulls_settings = false;  // workspace/configuration
  bool registers_settings = false;
  bool registers_completion = false;
  bool resolves_edits = false;   // an action's edit comes when it is chosen, its data comes back
  bool versioned_edits = false;  // documentChanges
  bool shows_status = false;     // inpaint/status, which is ours
};

ClientCapabilities client_capabilities_from(const Json& capabilities);

/// UTF-16 whenever it is offered, or nothing is, because we are mostly the second server of a
/// buffer and clients go wrong when two servers count differently; else what `wanted` says, if
/// offered.
PositionEncoding choose_encoding(const ClientCapabilities& client,
                                 std::optional<PositionEncoding> wanted);

/// The folders that are open, of `initialize`; none where the client opened a lone file.
std::vector<std::filesystem::path> workspace_folders_from(const Json& params);

}  // namespace inpaint::lsp
