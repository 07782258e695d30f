// `textDocument/didOpen`, `didChange`, `didSave` and `didClose`: the documents follow the editor's.
//
// One of these that was lost, because it could not be read or applied, leaves a document out of
// step. Then nothing is offered in it until its text comes whole, and the user is told once.
//
// Thread rule: session strand only.
// Source: Language Server Protocol 3.17, "Text Document Synchronization".
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "lsp/client/client.h"
#include "lsp/client/log.h"
#include "lsp/document/documents.h"
#include "lsp/feature/fill_questions.h"
#include "lsp/protocol/message.h"

namespace inpaint::lsp {

struct DidOpenParams {
  OpenedText opened;
  static std::expected<DidOpenParams, std::string> read(Json& params);
};

struct DidChangeParams {
  Uri document;
  std::int64_t version = 0;  // 0: none is named
  std::vector<ContentChange> changes;
  static std::expected<DidChangeParams, std::string> read(Json& params);
};

/// Of `didSave` and `didClose`.
struct DocumentParams {
  Uri document;
  static std::expected<DocumentParams, std::string> read(const Json& params);
};

class TextDocumentSync {
 public:
  /// All are the session's, and outlive this.
  struct Parts {
    Documents& documents;
    FillQuestions& questions;
    Client& client;
    Log& log;
  };
  explicit TextDocumentSync(Parts parts) : parts_(parts) {}

  /// Of the server's capabilities.
  static Json offer();

  void did_open(DidOpenParams params);
  void did_change(DidChangeParams params);
  void did_save(const DocumentParams& params);
  void did_close(const DocumentParams& params);

  /// One of the two was lost, of which `params.textDocument.uri` is left.
  void lost_open(const Json& params, const std::string& why);
  void lost_change(const Json& params, const std::string& why);

 private:
  void lose(const Uri& document, const std::string& why);

  Parts parts_;
};

}  // namespace inpaint::lsp
