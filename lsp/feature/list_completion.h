// `textDocument/completion`: a fill as items of the client's list.
//
// It never waits long, because clients hold back the items of every other server for it: what is
// not ready in time is answered with nothing, and the client asks again at the next key. That is
// said in every list, and there is always one.
//
// Clients with ghost text are offered no items unless they want both. A setting may change that
// later: then the client is told, if it can be; what `initialize` has offered stays offered,
// without items.
//
// Thread rule: session strand only.
// Errors: invalid_params (no position, or a document that is not open); of FillQuestions.
// Source: Language Server Protocol 3.17, "Completion Request" and "Register Capability".
#pragma once

#include "lsp/client/client.h"
#include "lsp/feature/fill_params.h"
#include "lsp/feature/fill_questions.h"

namespace inpaint::lsp {

class ListCompletion {
 public:
  using Params = FillParams;
  static constexpr const char* kMethod = "textDocument/completion";

  /// All are the session's, and outlive this.
  struct Parts {
    const Documents& documents;
    const Settings& settings;
    Client& client;
    FillQuestions& questions;
  };
  explicit ListCompletion(Parts parts) : parts_(parts) {}

  void operator()(const Params& params, Reply reply);

  /// Of the server's capabilities, at `initialize`; null where no items are offered.
  Json offer();
  /// The settings may be others.
  void on_settings();

 private:
  bool has_items() const;

  Parts parts_;
  bool offered_ = false;     // the client knows that items may be had
  bool registered_ = false;  // and not from `initialize`
};

}  // namespace inpaint::lsp
