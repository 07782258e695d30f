#include "lsp/feature/completion_feature.h"

#include <algorithm>
#include <string>
#include <utility>

#include "grammar/base/text_edit.h"
#include "grammar/base/text_lines.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/feature/completion_items.h"
#include "lsp/feature/document_place.h"
#include "lsp/feature/silence.h"

namespace inpaint::lsp {
namespace {

constexpr int kInvoked = 1;  // CompletionTriggerKind and InlineCompletionTriggerKind alike

/// Who says nothing about it is taken to ask in person.
bool invoked(const Json& params) {
  const auto context = params.find("context");
  return context == params.end() || !context->is_object() ||
         context->value("triggerKind", Json(kInvoked)) == kInvoked;
}

/// What is chosen in the client's list; nothing where it chose nothing, or elsewhere than at the cursor.
std::optional<SelectedItem> selected_from(const Json& params, const Document& document,
                                          std::size_t cursor) {
  const auto context = params.find("context");
  if (context == params.end() || !context->is_object()) return std::nullopt;
  const auto info = context->find("selectedCompletionInfo");
  if (info == context->end() || !info->is_object()) return std::nullopt;
  const auto range = range_from(info->value("range", Json()));
  const Json text = info->value("text", Json());
  if (!range || !text.is_string()) return std::nullopt;
  const ByteRange bytes{document.byte(range->start), document.byte(range->end)};
  if (bytes.begin > cursor || bytes.end < cursor) return std::nullopt;
  return SelectedItem{bytes, text.get<std::string>()};
}

}  // namespace

/// One request that is not answered yet, or whose work goes on for the next one.
struct CompletionFeature::Question {
  Reply reply;
  Face face = Face::ghost_text;
  bool in_person = false;
  std::uint64_t revision = 0;
  FillPlace place;         // of the document's text, with what is selected in it
  std::size_t cursor = 0;  // of the document's text
  std::optional<SelectedItem> selected;
  FillQueue::Ticket ticket = 0;
  std::optional<boost::asio::steady_timer> patience;
};

CompletionFeature::CompletionFeature(Parts parts) : parts_(std::move(parts)) {}

CompletionFeature::~CompletionFeature() = default;

void CompletionFeature::set_settings(const Settings& settings) {
  if (settings == settings_) return;
  if (settings.snooze != settings_.snooze) {
    snooze_end_.reset();
    if (settings.snooze) snooze_end_ = std::chrono::steady_clock::now() + *settings.snooze;
  }
  settings_ = settings;
  parts_.cache.clear();  // what was computed otherwise
}

bool CompletionFeature::snoozing() const {
  return snooze_end_ && std::chrono::steady_clock::now() < *snooze_end_;
}

bool CompletionFeature::offers_items() const {
  if (settings_.completion_items != CompletionItems::automatic) {
    return settings_.completion_items == CompletionItems::on;
  }
  return !parts_.client.capabilities.inline_completion;
}

std::unique_ptr<CompletionFeature::Question> CompletionFeature::read(Face face, const Json& params,
                                                                     Reply reply) const {
  const Document* const document = parts_.documents.find(uri_of(params));
  const auto position = position_from(params.value("position", Json()));
  if (document == nullptr || !position) {
    reply.error(RpcErrorCode::invalid_params,
                document == nullptr ? "the document is not open" : "no position");
    return nullptr;
  }
  auto question = std::make_unique<Question>();
  question->reply = std::move(reply);
  question->face = face;
  question->in_person = invoked(params);
  question->revision = document->revision();
  question->cursor = std::max(document->byte(*position), grammar::text_begin(document->text()));
  question->place = {document->uri(), document->snapshot(), question->cursor, 1};
  const bool silent =
      why_silent(*document, settings_, snoozing(), {question->in_person, question->cursor})
          .has_value();
  if (!silent) return question;
  stay_silent(*question);
  return nullptr;
}

void CompletionFeature::inline_completion(const Json& params, Reply reply) {
  auto question = read(Face::ghost_text, params, std::move(reply));
  if (!question) return;
  if (question->in_person) question->place.alternatives = settings_.decoding.alternatives;
  const Document& document = *parts_.documents.find(question->place.uri);
  question->selected = selected_from(params, document, question->cursor);
  if (question->selected) {
    // An item of several lines is shown by the client as one of its own; nothing fits behind it.
    if (question->selected->text.find_first_of("\r\n") != std::string::npos) {
      return stay_silent(*question);
    }
    InlinePlace place = place_with(*question->selected, document.text());
    question->place.text = std::make_shared<const std::string>(std::move(place.text));
    question->place.cursor = place.cursor;
  }
  parts_.engine.want(question->in_person);
  ask(std::move(question));
}

void CompletionFeature::completion(const Json& params, Reply reply) {
  auto question = read(Face::completion_item, params, std::move(reply));
  if (!question) return;
  if (!offers_items()) return stay_silent(*question);
  parts_.engine.want(/*in_person=*/false);  // a list opens by itself as well
  ask(std::move(question));
}

/// A question that needs no work ends the older ones as well.
void CompletionFeature::stay_silent(Question& question) const {
  parts_.queue.end_older(question.place.uri, question.face);
  answer_nothing(question);
}

void CompletionFeature::ask(std::unique_ptr<Question> question) {
  const Document* const document = parts_.documents.find(question->place.uri);
  if (const auto fills = parts_.cache.find(question->place)) {
    parts_.queue.end_older(question->place.uri, question->face);
    return answer(*question, *document, question->cursor, *fills);
  }
  const std::uint64_t number = ++last_number_;
  Question& kept = *question;
  open_.emplace(number, std::move(question));
  if (kept.face == Face::completion_item) {
    kept.patience.emplace(parts_.session, settings_.popup_deadline);
    kept.patience->async_wait([this, number](const boost::system::error_code& error) {
      const auto found = error ? open_.end() : open_.find(number);
      if (found != open_.end() && found->second->reply.open()) answer_nothing(*found->second);
    });
  }
  kept.ticket = parts_.queue.ask(question_of(kept, *document),
                                 [this, number](const FillAnswer& end) { on_answer(number, end); });
}

FillQuestion CompletionFeature::question_of(const Question& question,
                                            const Document& document) const {
  FillQuestion asked{
      .uri = document.uri(), .revision = question.revision, .face = question.face, .request = {}};
  asked.request.decoding = settings_.decoding;
  asked.request.decoding.alternatives = question.place.alternatives;
  if (question.in_person) asked.request.decoding.gate = false;  // to see what there is
  Place& place = asked.request.place;
  place = place_in(document, question.cursor, parts_.documents, settings_, folders_);
  if (!question.selected) return asked;
  // With what is selected it is another text: the tree is told of one more edit.
  place.text = question.place.text;
  place.cursor = question.place.cursor;
  const Tree tree = std::exchange(place.tree, nullptr);
  if (tree) place.older_tree = tree;
  if (!place.older_tree) return asked;
  grammar::SyntaxTree older = place.older_tree->copy();
  const SelectedItem& selected = *question.selected;
  older.edit(grammar::edit_of(document.text(), selected.range, selected.text,
                              document.point(selected.range.begin)));
  place.older_tree = std::make_shared<const grammar::SyntaxTree>(std::move(older));
  return asked;
}

void CompletionFeature::on_answer(std::uint64_t number, const FillAnswer& end) {
  auto node = open_.extract(number);
  if (node.empty() || !node.mapped()->reply.open()) return;
  Question& question = *node.mapped();
  if (end.end == FillAnswer::End::failed) return answer_nothing(question);
  const Document* const document = parts_.documents.find(question.place.uri);
  if (end.end == FillAnswer::End::superseded || document == nullptr) {
    return answer_superseded(question);
  }
  if (document->revision() == question.revision) {
    return answer(question, *document, question.cursor, end.fills);
  }
  // The text moved on meanwhile. What was typed may be what the fill begins with.
  const auto cursor =
      question.selected ? std::nullopt : cursor_after_typing(question.place, document->text());
  const auto rest =
      cursor ? type_through(question.place, end.fills, document->text(), *cursor) : std::nullopt;
  if (!rest) return answer_superseded(question);
  answer(question, *document, *cursor, *rest);
}

void CompletionFeature::answer(Question& question, const Document& document, std::size_t cursor,
                               const Fills& fills) const {
  if (question.face == Face::completion_item) {
    return question.reply.result(
        to_completion_list(document, cursor, fills, parts_.client.capabilities));
  }
  Fills wanted = fills;
  const auto most = static_cast<std::size_t>(question.place.alternatives);
  if (wanted.texts.size() > most) wanted.texts.resize(most);
  question.reply.result(to_inline_items(document, cursor, wanted, question.selected));
}

void CompletionFeature::answer_nothing(Question& question) const {
  if (question.face == Face::completion_item) return question.reply.result(empty_completion_list());
  question.reply.result({{"items", Json::array()}});
}

void CompletionFeature::answer_superseded(Question& question) const {
  if (question.face == Face::completion_item) return question.reply.result(empty_completion_list());
  question.reply.result(nullptr);
}

bool CompletionFeature::cancel(const Json& id) {
  const auto found = std::ranges::find_if(open_, [&](const auto& entry) {
    return entry.second->reply.open() && entry.second->reply.id() == id;
  });
  if (found == open_.end()) return false;
  const auto node = open_.extract(found);
  node.mapped()->reply.error(RpcErrorCode::request_cancelled, "cancelled by the client");
  parts_.queue.take_back(node.mapped()->ticket);
  return true;
}

void CompletionFeature::did_close(const std::string& uri) {
  parts_.queue.forget(uri);
  parts_.cache.forget(uri);
}

void CompletionFeature::end_all() { parts_.queue.clear(); }

}  // namespace inpaint::lsp
