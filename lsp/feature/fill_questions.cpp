#include "lsp/feature/fill_questions.h"

#include <string>
#include <utility>

#include "grammar/base/text_edit.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/base/power.h"
#include "lsp/feature/document_place.h"
#include "lsp/feature/silence.h"

namespace inpaint::lsp {
namespace {

/// Longer than between two keys of a word: the work would only be in the way of the next key.
constexpr std::chrono::milliseconds kPauseBeforeForesight{200};

/// Of a suggestion. There and back, what follows the cursor is moved twice by its tokens, and may be read anew when
/// that has come to 32 (engine/decoding/context_cache.h).
constexpr std::size_t kLongestForeseen = 48;  // bytes

/// `place` of the document with another text in it: the tree is told of one more edit.
void put_in(Place& place, const Document& document, const ByteRange& replaced,
            std::string_view with, Snapshot text, std::size_t cursor) {
  place.text = std::move(text);
  place.cursor = cursor;
  const Tree tree = std::exchange(place.tree, nullptr);
  if (tree) place.older_tree = tree;
  if (!place.older_tree) return;
  grammar::SyntaxTree older = place.older_tree->copy();
  older.edit(grammar::edit_of(document.text(), replaced, with, document.point(replaced.begin)));
  place.older_tree = std::make_shared<const grammar::SyntaxTree>(std::move(older));
}

/// Of the document's text, with what is selected in it.
FillPlace place_of(const Document& document, const AskedFill& asked) {
  if (!asked.selected) {
    return {document.uri(), document.snapshot(), asked.cursor, asked.alternatives,
            !asked.in_person};
  }
  InlinePlace place = place_with(*asked.selected, document.text());
  return {document.uri(), std::make_shared<const std::string>(std::move(place.text)), place.cursor,
          asked.alternatives, !asked.in_person};
}

SilentQuestion about(const Document& document, const AskedFill& asked) {
  const std::string& path = document.file().path;
  return {.file = path.substr(path.find_last_of('/') + 1),  // 0 where there is none
          .line = document.position(asked.cursor).line + 1,
          .face = asked.face};
}

}  // namespace

/// One request that is not answered yet, or whose work goes on for the next one.
struct FillQuestions::Question {
  AskedFill asked;
  FillPlace place;
  std::uint64_t revision = 0;
  FillQueue::Ticket ticket = 0;
  std::optional<boost::asio::steady_timer> patience;
};

FillQuestions::FillQuestions(Parts parts) : parts_(std::move(parts)), pause_(parts_.session) {}

FillQuestions::~FillQuestions() = default;

void FillQuestions::on_settings(const Settings& before) {
  if (before == parts_.settings) return;
  const auto& snooze = parts_.settings.snooze;
  if (snooze != before.snooze) {
    snooze_end_.reset();
    if (snooze) snooze_end_ = std::chrono::steady_clock::now() + *snooze;
  }
  parts_.cache.clear();  // what was computed otherwise
  pause_.cancel();
  parts_.queue.give_way();
}

bool FillQuestions::snoozing() const {
  return snooze_end_ && std::chrono::steady_clock::now() < *snooze_end_;
}

Silence FillQuestions::unless_nobody_answers(Silence why) const {
  return parts_.engine.silence().value_or(std::move(why));
}

void FillQuestions::end_silently(AskedFill& asked, Json answer, Silence why) {
  asked.reply.result(std::move(answer));
  asked.about.silence = std::move(why);
  parts_.silences.add(std::move(asked.about));
}

void FillQuestions::answer(AskedFill& asked, const Document& document, std::size_t cursor,
                           const Fills& fills) {
  Json items = asked.items(document, cursor, fills);
  if (items["items"].empty()) {
    end_silently(asked, std::move(items), fills.silence.value_or(Silence{SilenceReason::off_line}));
  } else {
    asked.reply.result(std::move(items));
    parts_.silences.something_shown();
  }
  foresee_later(asked, document, cursor, fills);
}

void FillQuestions::foresee_later(const AskedFill& asked, const Document& document,
                                  std::size_t cursor, const Fills& fills) {
  if (parts_.settings.foresight == Foresight::off || asked.in_person || asked.selected ||
      asked.face != Face::ghost_text)
    return;
  const std::string_view suggested = fills.texts.empty() ? std::string_view() : fills.texts.front();
  if (suggested.size() > kLongestForeseen) return;
  const ByteRange hole = fills.texts.empty() ? ByteRange{cursor, cursor} : fills.hole;
  auto next = next_line(document.text(), hole, suggested,
                        parts_.documents.parsed(document.uri()).language());
  if (!next) return;
  after_a_pause([this, next = std::move(*next),
                 place = FillPlace{document.uri(), document.snapshot(), cursor,
                                   asked.alternatives}] { foresee(place, next); });
}

void FillQuestions::after_a_pause(std::function<void()> work) {
  pause_.expires_after(kPauseBeforeForesight);
  pause_.async_wait([alive = std::weak_ptr(alive_),
                     work = std::move(work)](const boost::system::error_code& error) {
    if (!error && !alive.expired()) work();
  });
}

void FillQuestions::read_ahead(const FillPlace& place) {
  const Document* const document = parts_.documents.find(place.uri);
  if (document == nullptr || document->snapshot() != place.text || !may_foresee()) return;
  const auto why = why_silent(*document, parts_.settings, snoozing(), {false, place.cursor});
  if (!why || why->reason != SilenceReason::unmodified) return;
  parts_.engine.want(false);
  parts_.queue.foresee(
      question_at(*document, place.cursor, Face::ghost_text, place.alternatives, false));
}

bool FillQuestions::may_foresee() const {
  const Foresight foresight = parts_.settings.foresight;
  return foresight == Foresight::on || (foresight == Foresight::automatic && !on_battery());
}

FillQuestion FillQuestions::question_at(const Document& document, std::size_t cursor, Face face,
                                        int alternatives, bool in_person) const {
  FillQuestion question{.uri = document.uri(), .face = face, .request = {}};
  question.request.decoding = decoding_for(alternatives, in_person);
  question.request.place =
      place_in(document, cursor, parts_.documents, parts_.settings, parts_.folders);
  return question;
}

void FillQuestions::foresee(const FillPlace& place, const Insertion& next) {
  const Document* const document = parts_.documents.find(place.uri);
  if (document == nullptr || document->snapshot() != place.text || !may_foresee() ||
      why_silent(*document, parts_.settings, snoozing(), {false, place.cursor}))
    return;
  FillQuestion question =
      question_at(*document, place.cursor, Face::ghost_text, place.alternatives, false);
  // What is known of before the place was opened is of this line. Of a line that Enter begins nothing is.
  question.request.place.errors_before_opening.reset();
  std::string text = *place.text;
  text.replace(next.replaced.begin, next.replaced.size(), next.text);
  put_in(question.request.place, *document, next.replaced, next.text,
         std::make_shared<const std::string>(std::move(text)),
         next.replaced.begin + next.text.size());
  parts_.queue.foresee(std::move(question));
}

void FillQuestions::answer_nothing(const Document& document, AskedFill asked, Silence why) {
  pause_.cancel();
  parts_.queue.end_older(document.uri(), asked.face);
  asked.about = about(document, asked);
  end_silently(asked, std::move(asked.nothing), std::move(why));
}

void FillQuestions::ask(const Document& document, AskedFill asked) {
  const Asked occasion{asked.in_person, asked.cursor};
  if (auto why = why_silent(document, parts_.settings, snoozing(), occasion)) {
    const bool will_type = why->reason == SilenceReason::unmodified &&
                           asked.face == Face::ghost_text && !asked.selected;
    const FillPlace place{document.uri(), document.snapshot(), asked.cursor, asked.alternatives};
    answer_nothing(document, std::move(asked), std::move(*why));
    if (will_type) after_a_pause([this, place] { read_ahead(place); });
    return;
  }
  parts_.engine.want(asked.insists);
  auto question = std::make_unique<Question>();
  question->place = place_of(document, asked);
  question->revision = document.revision();
  asked.about = about(document, asked);
  question->asked = std::move(asked);
  pause_.cancel();
  if (const auto fills = parts_.queue.known(question->place)) {
    parts_.queue.end_older(document.uri(), question->asked.face);
    return answer(question->asked, document, question->asked.cursor, *fills);
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
  question.patience->async_wait(
      [this, alive = std::weak_ptr(alive_), number](const boost::system::error_code& error) {
        if (error || alive.expired()) return;
        const auto open = open_.find(number);
        if (open == open_.end()) return;
        AskedFill& asked = open->second->asked;
        const std::string passed = std::to_string(asked.patience->count()) + " ms";
        end_silently(asked, std::move(asked.nothing),
                     unless_nobody_answers({SilenceReason::late, passed}));
      });
}

engine::DecodingOptions FillQuestions::decoding_for(int alternatives, bool in_person) const {
  engine::DecodingOptions decoding = parts_.settings.decoding;
  decoding.alternatives = alternatives;
  decoding.exact_context = in_person;
  if (in_person) decoding.gate = false;  // to see what there is
  return decoding;
}

FillQuestion FillQuestions::to_queue(const Question& question, const Document& document) const {
  const AskedFill& asked = question.asked;
  FillQuestion to_ask =
      question_at(document, asked.cursor, asked.face, asked.alternatives, asked.in_person);
  if (asked.selected)
    put_in(to_ask.request.place, document, asked.selected->range, asked.selected->text,
           question.place.text, question.place.cursor);
  return to_ask;
}

void FillQuestions::on_answer(std::uint64_t number, const FillAnswer& end) {
  using End = FillAnswer::End;
  const auto node = open_.extract(number);
  if (node.empty() || !node.mapped()->asked.reply.open()) return;
  Question& question = *node.mapped();
  AskedFill& asked = question.asked;
  if (end.end == End::failed) {
    asked.reply.failed(end.error);
    asked.about.silence = {SilenceReason::failed, engine::to_string(end.error)};
    return parts_.silences.add(std::move(asked.about));
  }
  Silence superseded{SilenceReason::superseded};
  if (end.end == End::unanswered)
    return end_silently(asked, std::move(asked.nothing), unless_nobody_answers(superseded));
  const Document* const document = parts_.documents.find(question.place.uri);
  if (end.end == End::superseded || document == nullptr)
    return end_silently(asked, std::move(asked.superseded), unless_nobody_answers(superseded));
  if (document->revision() == question.revision)
    return answer(asked, *document, asked.cursor, end.fills);
  // The text moved on meanwhile. What was typed may be what the fill begins with.
  const auto cursor =
      asked.selected ? std::nullopt : cursor_after_typing(question.place, document->text());
  const auto rest =
      cursor ? type_through(question.place, end.fills, document->text(), *cursor) : std::nullopt;
  if (!rest) return end_silently(asked, std::move(asked.superseded), std::move(superseded));
  answer(asked, *document, *cursor, *rest);
}

void FillQuestions::take_back(std::uint64_t number) {
  const auto node = open_.extract(number);
  if (node.empty()) return;
  parts_.queue.take_back(node.mapped()->ticket);
  SilentQuestion& about = node.mapped()->asked.about;
  about.silence = unless_nobody_answers(Silence{SilenceReason::superseded});
  parts_.silences.add(std::move(about));
}

void FillQuestions::forget(const Uri& document) {
  parts_.queue.forget(document);
  parts_.cache.forget(document);
}

}  // namespace inpaint::lsp
