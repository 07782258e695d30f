// One open text as the editor has it, and what was last done to it.
//
// The text is always well-formed UTF-8. A change whose range cuts a surrogate pair leaves U+FFFD
// for the half that stays: one UTF-16 unit for one, so that later positions mean the same place on
// both sides. Readers get snapshots, which later changes do not touch: a snapshot is the text
// itself, and a text that was lent is not changed any more, but written anew with the next change.
//
// A document that has missed a change is out of step: what it would be taken for is not what the
// editor shows, so it has no text until the whole of it comes again.
//
// Units:  bytes; positions as the protocol counts them; points as syntax trees do (a lone "\r" ends
//         no row there).
// Cost:   a change O(length of the text) as memory moves, and O(lines behind it); a snapshot none.
// Thread rule: session strand only; a Snapshot is immutable and may go to any thread.
// Source: Language Server Protocol 3.17, "Text Document Synchronization".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "grammar/base/text_edit.h"
#include "lsp/document/document_file.h"
#include "lsp/protocol/position.h"
#include "lsp/protocol/uri.h"

namespace inpaint::lsp {

/// One element of `contentChanges`.
struct ContentChange {
  std::optional<Range> range;  // none: the whole text is new
  std::string text;
};

/// What the newest change did.
struct LastChange {
  bool deletion = false;  // it took text away and put none there
  std::size_t byte = 0;   // where it ends in the text as it is now
  int deletions = 0;      // how many came in a row, this one included
};

using Snapshot = std::shared_ptr<const std::string>;

class Document {
 public:
  Document(Uri uri, std::string language_id, std::int64_t version, std::string text,
           PositionEncoding encoding);
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  /// What it did to the text, for the text's tree; nothing where all of the text is new. A document
  /// that is out of step takes a whole text only.
  std::optional<grammar::TextEdit> apply(ContentChange change);
  /// A change was missed. Where this throws the text is still the old one, out of step none the
  /// less.
  void fall_out_of_step();
  bool in_step() const { return in_step_; }
  void set_version(std::int64_t version) { version_ = version; }

  const Uri& uri() const { return uri_; }
  const DocumentFile& file() const { return file_; }
  const std::string& language_id() const { return language_id_; }
  std::int64_t version() const { return version_; }
  const std::string& text() const { return *text_; }
  const LineIndex& lines() const { return lines_; }
  /// Whether anything was changed since it was opened.
  bool changed() const { return changed_; }
  const LastChange& last_change() const { return last_change_; }
  /// Counts every change; unlike the version it is ours, and two texts never share one.
  std::uint64_t revision() const { return revision_; }

  Snapshot snapshot() const;
  std::size_t byte(Position position) const { return lines_.byte(*text_, position, encoding_); }
  Position position(std::size_t byte) const { return lines_.position(*text_, byte, encoding_); }
  Range range(ByteRange bytes) const { return {position(bytes.begin), position(bytes.end)}; }
  /// Cost: O(log lines), but O(byte) in a text that has, or had, a line that ends with a lone "\r".
  grammar::TextPoint point(std::size_t byte) const;

 private:
  grammar::TextEdit replace(ByteRange range, std::string text);
  void write(ByteRange range, std::string text);

  Uri uri_;
  DocumentFile file_;
  std::string language_id_;
  std::int64_t version_ = 0;
  PositionEncoding encoding_;
  std::shared_ptr<std::string> text_;
  mutable bool is_lent_ = false;  // from then on others read it, maybe in other threads
  LineIndex lines_;
  bool has_lone_returns_ = false;  // lines_ then counts more lines than a tree counts rows
  LastChange last_change_;
  bool changed_ = false;
  bool in_step_ = true;
  std::uint64_t revision_ = 0;
};

}  // namespace inpaint::lsp
