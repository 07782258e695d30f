// The open documents, and the notifications that open, change, save and close them.
//
// A document's tree follows it (parsed_document.h), and so does what is known of the place that is
// being edited (opened_place.h).
//
// What a client sends about a document that is not open is logged and ignored: there is nobody to
// answer to, and guessing a text would be worse.
//
// Thread rule: session strand only.
// Source: Language Server Protocol 3.17, "Text Document Synchronization".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "grammar/tree/language_set.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/client/log.h"
#include "lsp/document/background_parser.h"
#include "lsp/document/document.h"
#include "lsp/document/opened_place.h"
#include "lsp/document/parsed_document.h"
#include "lsp/protocol/message.h"

namespace inpaint::lsp {

class Documents {
 public:
  Documents(BackgroundParser& parser, Log& log, grammar::LanguageSet languages = {})
      : parser_(parser), log_(log), languages_(std::move(languages)) {}

  void set_encoding(PositionEncoding encoding) { encoding_ = encoding; }

  void did_open(const Json& params);
  /// The changed document, if it is open.
  void did_change(const Json& params);
  void did_save(const Json& params);
  /// The URI of what was closed; empty where nothing was.
  std::string did_close(const Json& params);

  /// Null where it is not open.
  const Document* find(const std::string& uri) const;
  /// All that are open, those that were opened or changed last in front.
  std::vector<const Document*> newest_first() const;
  /// Of a document that is open.
  const ParsedDocument& parsed(const std::string& uri) const { return open_.at(uri).parsed; }
  /// How badly the document parsed before the place at the cursor was opened; nothing where that is
  /// not known.
  std::optional<grammar::ErrorCount> errors_before(const std::string& uri,
                                                   std::size_t cursor) const;

 private:
  struct Open {
    Document document;
    ParsedDocument parsed;
    OpenedPlace place;
    std::uint64_t number;   // no two documents share one, though they may share a URI
    std::uint64_t touched;  // grows with each opening and change, over all documents
  };
  void follow(Open& open);
  static void apply(Open& open, ContentChange change);

  BackgroundParser& parser_;
  Log& log_;
  grammar::LanguageSet languages_;
  PositionEncoding encoding_ = PositionEncoding::utf16;
  std::map<std::string, Open, std::less<>> open_;
  std::uint64_t last_number_ = 0;
  std::uint64_t last_touched_ = 0;
};

/// `params.textDocument.uri`; empty where there is none.
std::string uri_of(const Json& params);

}  // namespace inpaint::lsp
