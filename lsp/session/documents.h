// The open documents, and the notifications that open, change and close them.
//
// What a client sends about a document that is not open is logged and ignored: there is nobody to
// answer to, and guessing a text would be worse.
//
// Thread rule: session strand only.
// Source: Language Server Protocol 3.17, "Text Document Synchronization".
#pragma once

#include <map>
#include <string>

#include "lsp/protocol/message.h"
#include "lsp/session/document.h"
#include "lsp/session/log.h"

namespace inpaint::lsp {

class Documents {
 public:
  explicit Documents(Log& log) : log_(log) {}

  void set_encoding(PositionEncoding encoding) { encoding_ = encoding; }

  void did_open(const Json& params);
  /// The changed document, if it is open.
  void did_change(const Json& params);
  /// The URI of what was closed; empty where nothing was.
  std::string did_close(const Json& params);

  /// Null where it is not open.
  const Document* find(const std::string& uri) const;

 private:
  Log& log_;
  PositionEncoding encoding_ = PositionEncoding::utf16;
  std::map<std::string, Document, std::less<>> open_;
};

/// `params.textDocument.uri`; empty where there is none.
std::string uri_of(const Json& params);

}  // namespace inpaint::lsp
