#include "lsp/document/documents.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "engine/base/guarded.h"
#include "lsp/document/document_kind.h"

namespace inpaint::lsp {

void Documents::open(OpenedText opened) {
  if (open_.contains(opened.uri))
    log_.problem("didOpen of a document that is open: " + opened.uri.spelled());
  add(Document(std::move(opened.uri), std::move(opened.language_id), opened.version,
               std::move(opened.text), encoding_));
}

void Documents::add(Document document) {
  Uri uri = document.uri();
  ParsedDocument parsed(language_of(document, languages_));
  if (parsed.language() == nullptr)
    log_.note(uri.spelled() + " has no grammar: it is completed line by line, unchecked");
  const auto [at, is_new] = open_.insert_or_assign(
      std::move(uri),
      Open{std::move(document), std::move(parsed), {}, ++last_number_, ++last_touched_});
  follow(at->second);
}

/// Has the newest text parsed: here, or in the background.
void Documents::follow(Open& open) {
  open.parsed.catch_up(open.document.text());
  open.place.on_tree(open.document, open.parsed.tree());
  auto job = open.parsed.begin_job(open.document);
  if (!job) return;
  const auto begun = engine::guarded("parse", [&] {
    parser_.parse(std::move(*job), [this, uri = open.document.uri(), number = open.number,
                                    job_number = open.parsed.job_number()](const Tree& tree) {
      const auto found = open_.find(uri);
      if (found == open_.end() || found->second.number != number ||
          found->second.parsed.job_number() != job_number) {
        return;
      }
      found->second.parsed.adopt(tree);
      follow(found->second);
    });
  });
  if (!begun) open.parsed.give_up_job();
}

void Documents::apply(Open& open, ContentChange change) {
  const auto edit = open.document.apply(std::move(change));
  if (!edit) {
    open.parsed.restart(open.parsed.language());
    open.place.forget();
    return;
  }
  open.place.on_edit(open.document, *edit, open.parsed.tree());
  open.parsed.edit(*edit);  // after that there is no tree until all changes of a message are made
}

void Documents::change(const Uri& uri, std::int64_t version, std::vector<ContentChange> changes) {
  const auto found = open_.find(uri);
  if (found == open_.end()) {
    return log_.problem("didChange of a document that is not open is ignored: " + uri.spelled());
  }
  Document& document = found->second.document;
  if (version != 0 && version <= document.version()) {
    // Applied nevertheless: the order of arrival is the only one that there is.
    log_.problem("didChange with an older version: " + uri.spelled());
  }
  // A new text makes what was done to the old one needless; out of step, there is no old one.
  const auto whole = std::find_if(changes.rbegin(), changes.rend(),
                                  [](const ContentChange& change) { return !change.range; });
  if (whole == changes.rend() && !document.in_step()) return;
  const auto first = whole == changes.rend() ? changes.begin() : std::prev(whole.base());
  for (auto change = first; change != changes.end(); ++change)
    apply(found->second, std::move(*change));
  document.set_version(version);
  found->second.touched = ++last_touched_;
  // A text that grows may show that it is C++ and not C.
  const grammar::Language* language = language_of(document, languages_);
  if (language != found->second.parsed.language()) found->second.parsed.restart(language);
  follow(found->second);
}

void Documents::save(const Uri& uri) {
  const auto found = open_.find(uri);
  if (found != open_.end()) found->second.place.forget();
}

bool Documents::close(const Uri& uri) {
  if (open_.erase(uri) > 0) return true;
  log_.problem("didClose of a document that is not open is ignored: " + uri.spelled());
  return false;
}

bool Documents::lose(const Uri& uri) {
  const auto found = open_.find(uri);
  if (found == open_.end()) {
    Document unseen(uri, "", 0, "", encoding_);
    unseen.fall_out_of_step();
    add(std::move(unseen));
    return true;
  }
  if (!found->second.document.in_step()) return false;
  found->second.document.fall_out_of_step();
  found->second.parsed.restart(found->second.parsed.language());
  found->second.place.forget();
  return true;
}

const Document* Documents::find(const Uri& uri) const {
  const auto found = open_.find(uri);
  return found == open_.end() ? nullptr : &found->second.document;
}

std::vector<const Document*> Documents::newest_first() const {
  std::vector<const Open*> open;
  open.reserve(open_.size());
  for (const auto& [uri, one] : open_) open.push_back(&one);
  std::ranges::sort(open, std::ranges::greater{}, &Open::touched);
  std::vector<const Document*> documents;
  documents.reserve(open.size());
  for (const Open* one : open) documents.push_back(&one->document);
  return documents;
}

std::optional<grammar::ErrorCount> Documents::errors_before(const Uri& uri,
                                                            std::size_t cursor) const {
  const Open& open = open_.at(uri);
  return open.place.errors_before(open.document, cursor, open.parsed.tree());
}

}  // namespace inpaint::lsp
