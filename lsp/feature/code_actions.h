// What can be written anew at a place, and the edit once somebody has chosen it:
// `textDocument/codeAction` and `codeAction/resolve`.
//
//   a selection             is widened to whole nodes and written anew; each time it is asked for the
//                           same place another text comes
//   a mark at the cursor    an empty body, `…`, a comment that says "fill" (grammar/hole/marked_holes.h)
//   all marks of the file
//
// Clients ask for actions at every move of the cursor, so the list is made without the engine, and the
// edit only when an action is chosen. A client that cannot wait for an edit is offered none. An edit is
// of the revision that the action was listed for; where the text has moved on meanwhile the answer is
// content_modified.
//
// Thread rule: session strand only.
// Errors: invalid_params, content_modified, request_cancelled; where nothing can be written the action
//         comes back with an edit that changes nothing, and the user is told.
// Source: Language Server Protocol 3.17, "Code Action Request" and "Code Action Resolve Request".
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "grammar/hole/marked_holes.h"
#include "lsp/client/client.h"
#include "lsp/client/pending_requests.h"
#include "lsp/client/settings.h"
#include "lsp/completion/rewriter.h"
#include "lsp/document/documents.h"
#include "lsp/worker/engine_keeper.h"
#include "lsp/worker/engine_worker.h"

namespace inpaint::lsp {

class CodeActions {
 public:
  /// All are the session's, and outlive this.
  struct Parts {
    const Documents& documents;
    Client& client;
    EngineKeeper& engine;
    EngineWorker& worker;
    Log& log;
  };
  explicit CodeActions(Parts parts) : parts_(parts) {}

  /// Of the server's capabilities; null where the client is offered none.
  static Json options(const ClientCapabilities& client);

  void set_workspace(std::vector<std::filesystem::path> folders) { folders_ = std::move(folders); }
  void set_settings(const Settings& settings) { settings_ = settings; }

  void list(const Json& params, Reply reply);
  void resolve(Json action, Reply reply);
  /// False where no open request has this id.
  bool cancel(const Json& id);
  /// Answers everything that is open.
  void end_all();

 private:
  struct Open {
    Reply reply;
    Json action;
    std::uint64_t revision = 0;
    std::string uri;
    std::stop_source stop;
  };
  /// The texts that were written at one place, so that the next one is another.
  struct Written {
    std::string uri;
    std::size_t begin = 0;
    std::vector<std::string> texts;
  };

  /// The marks of the text that was asked about last: clients ask again at every move of the cursor.
  struct KnownMarks {
    Snapshot text;
    bool parsed = false;  // with a tree; it may come after the first question
    std::vector<grammar::Mark> marks;
  };

  const std::vector<grammar::Mark>& marks_of(const Document& document);
  void on_written(std::uint64_t number, const engine::Result<Rewriting>& rewriting);
  const Rewrite* choose(const std::string& uri, const Rewriting& rewriting);
  Json workspace_edit(const Document& document, const Rewrite& rewrite) const;

  Parts parts_;
  Settings settings_;
  std::vector<std::filesystem::path> folders_;
  std::map<std::uint64_t, Open> open_;
  std::uint64_t last_number_ = 0;
  Written written_;
  KnownMarks known_;
};

}  // namespace inpaint::lsp
