#include "lsp/feature/fill_questions.h"

#include <string>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "grammar/base/text_edit.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/feature/document_place.h"
#include "lsp/feature/silence.h"

namespace inpaint::lsp {
namespace {

/// Of the document's text, with what is selected in it.
FillPlace place_of(const Document& document, const AskedFill& asked) {
  if (!asked.selected) {
    return {document.uri(), document.snapshot(), asked.cursor, asked.alternatives};
  }
  InlinePlace place = place_with(*asked.selected, document.text());
  return {document.uri(), std::make_shared<const std::string>(std::move(place.text)), place.cursor,
          asked.alternatives};
}

}  // namespace

/// One request that is not answered yet, or whose work goes on for the next one.
struct FillQuestions::Question {
  AskedFill asked;
  FillPlace place;
  std::uint64_t revision = 0;
  FillQueue::Ticket ticket = 0;
  std::optional<boost::asio::steady_timer> patience;

  void answer(const Document& document, std::size_t cursor, const Fills& fills) {
    asked.reply.result(asked.items(document, cursor, fills));
  }
};

FillQuestions::FillQuestions(Parts parts) : parts_(std::move(parts)) {}

FillQuestions::~FillQuestions() = default;

void FillQuestions::on_settings(const Settings& before) {
  if (before == parts_.settings) return;
  const auto& snooze = parts_.settings.snooze;
  if (snooze != before.snooze) {
    snooze_end_.reset();
    if (snooze) snooze_end_ = std::chrono::steady_clock::now() + *snooze;
  }
  parts_.cache.clear();  // what was computed otherwise
}

bool FillQuestions::snoozing() const {
  return snooze_end_ && std::chrono::steady_clock::now() < *snooze_end_;
}

void FillQuestions::answer_nothing(const Document& document, AskedFill asked) {
  parts_.queue.end_older(document.uri(), asked.face);
  asked.reply.result(std::move(asked.nothing));
}

void FillQuestions::ask(const Document& document, AskedFill asked) {
  const Asked occasion{asked.in_person, asked.cursor};
  if (why_silent(document, parts_.settings, snoozing(), occasion)) {
    return answer_nothing(document, std::move(asked));
  }
  parts_.engine.want(asked.insists);
  auto question = std::make_unique<Question>();
  question->place = place_of(document, asked);
  question->revision = document.revision();
  question->asked = std::move(asked);
  if (const auto fills = parts_.cache.find(question->place)) {
    parts_.queue.end_older(document.uri(), question->asked.face);
    return question->answer(document, question->asked.cursor, *fills);
  }
  keep(std::move(question), document);
}

void FillQuestions::keep(std::unique_ptr<Question> question, const Document& document) {
  FillQuestion to_ask = to_queue(*question, document);
  const std::uint64_t number = ++last_number_;
  Question& kept = *open_.emplace(number, std::move(question)).first->second;
  try {
    kept.asked.reply.on_cancel([this, number] { take_back(number); });
    if (kept.asked.patience) be_patient(number, kept);
    const auto ticket = parts_.queue.ask(
        std::move(to_ask), [this, number](const FillAnswer& end) { on_answer(number, end); });
    // Where it has failed at once, it is open no more.
    if (const auto open = open_.find(number); open != open_.end()) open->second->ticket = ticket;
  } catch (...) {  // a question that nobody was asked would stay for ever
    open_.erase(number);
    throw;
  }
}

void FillQuestions::be_patient(std::uint64_t number, Question& question) {
  question.patience.emplace(parts_.session, *question.asked.patience);
  question.patience->async_wait([this, number](const boost::system::error_code& error) {
    if (error) return;  // also where this is gone
    const auto open = open_.find(number);
    if (open == open_.end()) return;
    AskedFill& asked = open->second->asked;
    asked.reply.result(asked.nothing);
  });
}

FillQuestion FillQuestions::to_queue(const Question& question, const Document& document) const {
  const AskedFill& asked = question.asked;
  FillQuestion to_ask{
      .uri = document.uri(), .revision = question.revision, .face = asked.face, .request = {}};
  to_ask.request.decoding = parts_.settings.decoding;
  to_ask.request.decoding.alternatives = asked.alternatives;
  to_ask.request.decoding.exact_context = asked.in_person;
  if (asked.in_person) to_ask.request.decoding.gate = false;  // to see what there is
  Place& place = to_ask.request.place;
  place = place_in(document, asked.cursor, parts_.documents, parts_.settings, parts_.folders);
  if (!asked.selected) return to_ask;
  // With what is selected it is another text: the tree is told of one more edit.
  place.text = question.place.text;
  place.cursor = question.place.cursor;
  const Tree tree = std::exchange(place.tree, nullptr);
  if (tree) place.older_tree = tree;
  if (!place.older_tree) return to_ask;
  grammar::SyntaxTree older = place.older_tree->copy();
  const SelectedItem& selected = *asked.selected;
  older.edit(grammar::edit_of(document.text(), selected.range, selected.text,
                              document.point(selected.range.begin)));
  place.older_tree = std::make_shared<const grammar::SyntaxTree>(std::move(older));
  return to_ask;
}

void FillQuestions::on_answer(std::uint64_t number, const FillAnswer& end) {
  using End = FillAnswer::End;
  const auto node = open_.extract(number);
  if (node.empty() || !node.mapped()->asked.reply.open()) return;
  Question& question = *node.mapped();
  Reply& reply = question.asked.reply;
  if (end.end == End::failed) return reply.failed(end.error);
  if (end.end == End::unanswered) return reply.result(std::move(question.asked.nothing));
  const Document* const document = parts_.documents.find(question.place.uri);
  if (end.end == End::superseded || document == nullptr) {
    return reply.result(std::move(question.asked.superseded));
  }
  if (document->revision() == question.revision) {
    return question.answer(*document, question.asked.cursor, end.fills);
  }
  // The text moved on meanwhile. What was typed may be what the fill begins with.
  const auto cursor = question.asked.selected
                          ? std::nullopt
                          : cursor_after_typing(question.place, document->text());
  const auto rest =
      cursor ? type_through(question.place, end.fills, document->text(), *cursor) : std::nullopt;
  if (!rest) return reply.result(std::move(question.asked.superseded));
  question.answer(*document, *cursor, *rest);
}

void FillQuestions::take_back(std::uint64_t number) {
  if (const auto node = open_.extract(number)) parts_.queue.take_back(node.mapped()->ticket);
}

void FillQuestions::forget(const Uri& document) {
  parts_.queue.forget(document);
  parts_.cache.forget(document);
}

}  // namespace inpaint::lsp
