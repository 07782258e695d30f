// `codeAction/resolve`: the edit of a code action, once somebody has chosen it.
//
// An edit is of the revision that the action was listed for (code_action.h); where the text has
// moved on meanwhile the answer is content_modified. Where nothing can be written the action comes
// back with an edit that changes nothing, and the user is told.
//
// Thread rule: session strand only.
// Errors: invalid_params, content_modified, request_cancelled; internal_error where the writing
// failed.
// Source: Language Server Protocol 3.17, "Code Action Resolve Request".
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "lsp/client/client.h"
#include "lsp/client/pending_requests.h"
#include "lsp/client/settings.h"
#include "lsp/completion/rewriter.h"
#include "lsp/document/documents.h"
#include "lsp/feature/rewrite_action.h"
#include "lsp/worker/engine_keeper.h"
#include "lsp/worker/engine_worker.h"
#include "lsp/worker/fill_queue.h"

namespace inpaint::lsp {

class CodeActionResolve {
 public:
  struct Params {
    RewriteAction action;
    Json code_action;  // as it came, and as it goes back with its edit

    static std::expected<Params, std::string> read(Json& params);
  };
  static constexpr const char* kMethod = "codeAction/resolve";

  /// All are the session's, and outlive this.
  struct Parts {
    const Documents& documents;
    const Settings& settings;
    const std::vector<std::filesystem::path>& folders;
    Client& client;
    EngineKeeper& engine;
    EngineWorker& worker;
    FillQueue& queue;
    Log& log;
  };
  explicit CodeActionResolve(Parts parts) : parts_(parts) {}

  void operator()(Params params, Reply reply);

 private:
  struct Open {
    Reply reply;
    Params params;
    std::stop_source stop;
  };
  /// The texts that were written at one place, so that the next one is another.
  struct Written {
    Uri document;
    std::size_t begin = 0;
    std::vector<std::string> texts;
  };

  void on_written(std::uint64_t number, const engine::Result<Rewriting>& rewriting);
  const Rewrite* choose(const Uri& document, const Rewriting& rewriting);
  Json workspace_edit(const Document& document, const Rewrite& rewrite) const;

  Parts parts_;
  std::map<std::uint64_t, Open> open_;
  std::uint64_t last_number_ = 0;
  Written written_;
};

}  // namespace inpaint::lsp
