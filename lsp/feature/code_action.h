// `textDocument/codeAction`: what can be written anew at a place.
//
//   a selection            is widened to whole nodes and written anew; each time it is asked for
//                          the same place another text comes
//   a mark at the cursor   an empty body, `…`, a comment that says "fill" (grammar/hole/marked_holes)
//   all marks of the file
//
// Clients ask for actions at every move of the cursor, so the list is made without the engine, and
// the edit only when an action is chosen (code_action_resolve.h). A client that cannot wait for an
// edit is offered none.
//
// Thread rule: session strand only.
// Errors: invalid_params.
// Source: Language Server Protocol 3.17, "Code Action Request".
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "grammar/hole/marked_holes.h"
#include "lsp/client/client_capabilities.h"
#include "lsp/client/pending_requests.h"
#include "lsp/client/settings.h"
#include "lsp/document/documents.h"

namespace inpaint::lsp {

class CodeAction {
 public:
  struct Params {
    Uri document;
    Range range;
    bool wanted = true;  // false where the client names the kinds that it wants, and ours is none

    static std::expected<Params, std::string> read(const Json& params);
  };
  static constexpr const char* kMethod = "textDocument/codeAction";

  /// All are the session's, and outlive this.
  CodeAction(const Documents& documents, const Settings& settings, const ClientCapabilities& client)
      : documents_(documents), settings_(settings), client_(client) {}

  Answer operator()(const Params& params);

  /// Of the server's capabilities; null where the client is offered none.
  Json offer() const;

 private:
  /// The marks of the text that was asked about last: clients ask again at every move of the
  /// cursor.
  struct KnownMarks {
    Snapshot text;
    bool parsed = false;  // with a tree; it may come after the first question
    std::vector<grammar::Mark> marks;
  };
  const std::vector<grammar::Mark>& marks_of(const Document& document);

  const Documents& documents_;
  const Settings& settings_;
  const ClientCapabilities& client_;
  KnownMarks known_;
};

}  // namespace inpaint::lsp
