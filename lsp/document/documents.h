// The open documents, which follow what the editor opens, changes, saves and closes.
//
// A document's tree follows it (parsed_document.h), and so does what is known of the place that is
// being edited (opened_place.h).
//
// What a client sends about a document that is not open is logged and ignored: there is nobody to
// answer to, and guessing a text would be worse. One that has missed something is known as such, is
// answered nothing and can be no other's neighbour, until the client sends all of it.
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
#include "lsp/protocol/uri.h"

namespace inpaint::lsp {

/// A text as a client opens it.
struct OpenedText {
  Uri uri;
  std::string language_id;
  std::int64_t version = 0;
  std::string text;
};

class Documents {
 public:
  Documents(BackgroundParser& parser, Log& log, grammar::LanguageSet languages = {})
      : parser_(parser), log_(log), languages_(std::move(languages)) {}

  void set_encoding(PositionEncoding encoding) { encoding_ = encoding; }

  /// One that is open already has its text replaced.
  void open(OpenedText opened);
  /// In their order. `version` 0: the client names none.
  void change(const Uri& uri, std::int64_t version, std::vector<ContentChange> changes);
  void save(const Uri& uri);
  /// False where it was not open.
  bool close(const Uri& uri);
  /// Something about it was missed, be it open or to be opened. True where that is news.
  bool lose(const Uri& uri);

  /// Null where it is not open.
  const Document* find(const Uri& uri) const;
  /// All that are open, those that were opened or changed last in front.
  std::vector<const Document*> newest_first() const;
  /// Of a document that is open.
  const ParsedDocument& parsed(const Uri& uri) const { return open_.at(uri).parsed; }
  /// How badly the document parsed before the place at the cursor was opened; nothing where that is
  /// not known.
  std::optional<grammar::ErrorCount> errors_before(const Uri& uri, std::size_t cursor) const;

 private:
  struct Open {
    Document document;
    ParsedDocument parsed;
    OpenedPlace place;
    std::uint64_t number;   // no two documents share one, though they may share a URI
    std::uint64_t touched;  // grows with each opening and change, over all documents
  };
  void add(Document document);
  void follow(Open& open);
  static void apply(Open& open, ContentChange change);

  BackgroundParser& parser_;
  Log& log_;
  grammar::LanguageSet languages_;
  PositionEncoding encoding_ = PositionEncoding::utf16;
  std::map<Uri, Open> open_;
  std::uint64_t last_number_ = 0;
  std::uint64_t last_touched_ = 0;
};

}  // namespace inpaint::lsp
