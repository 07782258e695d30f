// The questions for fills that are open, of both faces: who is answered when.
//
// A question is silenced or answered from the cache at once where that is possible, and else put
// into the queue. What clients do with answers decides their form, which the face brings along;
// when a fill comes and the text has moved on meanwhile, what was typed may be what the fill begins
// with.
//
// After an answer, or a look into a file that nobody has changed yet, and a pause, the place where somebody is likely to
// ask next is asked about before they do, as the setting `foresight` says.
//
// Thread rule: session strand only.
// Errors: request_cancelled; internal_error where making the fill failed. "Nothing to show" is
// none.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lsp/client/pending_requests.h"
#include "lsp/client/settings.h"
#include "lsp/completion/next_place.h"
#include "lsp/document/documents.h"
#include "lsp/feature/inline_items.h"
#include "lsp/feature/silences.h"
#include "lsp/worker/engine_keeper.h"
#include "lsp/worker/fill_queue.h"
#include "lsp/worker/type_through_cache.h"

namespace inpaint::lsp {

/// One question, as its face puts it.
struct AskedFill {
  Reply reply;
  Face face = Face::ghost_text;
  std::size_t cursor = 0;  // of the document's text
  bool in_person = false;  // not by the client on its own account
  bool insists = false;    // also opens an engine that the user has cancelled
  int alternatives = 1;
  std::optional<SelectedItem> selected;  // stands in the text as it is completed
  /// After that long there is nothing to show, and the work goes on for the next question.
  std::optional<std::chrono::milliseconds> patience;

  Json nothing;     // the answer where there is nothing to show
  Json superseded;  // and where a newer question has taken its place
  std::function<Json(const Document&, std::size_t cursor, const Fills&)> items;
  SilentQuestion about;  // what is kept of it where it ends with nothing; FillQuestions fills it in
};

class FillQuestions {
 public:
  /// `session` runs the timers. All are the session's, and outlive this.
  struct Parts {
    boost::asio::any_io_executor session;
    const Documents& documents;
    EngineKeeper& engine;
    FillQueue& queue;
    TypeThroughCache& cache;
    Silences& silences;
    const Settings& settings;
    const std::vector<std::filesystem::path>& folders;
  };
  explicit FillQuestions(Parts parts);
  ~FillQuestions();
  FillQuestions(const FillQuestions&) = delete;
  FillQuestions& operator=(const FillQuestions&) = delete;

  /// The settings are others than `before`.
  void on_settings(const Settings& before);

  void ask(const Document& document, AskedFill asked);
  /// It needs no work, and ends the older ones as well.
  void answer_nothing(const Document& document, AskedFill asked, Silence why);

  /// The document is gone, or its text is another one.
  void forget(const Uri& document);
  /// Answers everything that is open.
  void end_all() {
    pause_.cancel();
    parts_.queue.clear();
  }

 private:
  struct Question;

  bool snoozing() const;
  void answer(AskedFill& asked, const Document& document, std::size_t cursor, const Fills& fills);
  /// After a pause, if nothing is asked before.
  void foresee_later(const AskedFill& asked, const Document& document, std::size_t cursor,
                     const Fills& fills);
  /// What stands at `place` once this was put in.
  void foresee(const FillPlace& place, const Insertion& next);
  /// Where nothing was changed yet: the first key finds the model open, the file read, and maybe its answer.
  void read_ahead(const FillPlace& place);
  void after_a_pause(std::function<void()> work);
  bool may_foresee() const;
  FillQuestion question_at(const Document& document, std::size_t cursor, Face face,
                           int alternatives, bool in_person) const;
  void end_silently(AskedFill& asked, Json answer, Silence why);
  /// Where nobody answers that is the reason, whatever the question ended by: keys that are pressed
  /// while the model is read supersede one another, and would have been answered no sooner.
  Silence unless_nobody_answers(Silence why) const;
  FillQuestion to_queue(const Question& question, const Document& document) const;
  engine::DecodingOptions decoding_for(int alternatives, bool in_person) const;
  void keep(std::unique_ptr<Question> question, const Document& document);
  void be_patient(std::uint64_t number, Question& question);
  void on_answer(std::uint64_t number, const FillAnswer& end);
  void take_back(std::uint64_t number);

  Parts parts_;
  std::optional<std::chrono::steady_clock::time_point> snooze_end_;
  boost::asio::steady_timer pause_;  // before what comes next is foreseen
  std::map<std::uint64_t, std::unique_ptr<Question>> open_;
  std::uint64_t last_number_ = 0;
  /// A timer that has run out calls once more, even where this is gone by then.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace inpaint::lsp
