// Both faces of a fill: `textDocument/inlineCompletion` and `textDocument/completion`.
//
// A question is read, silenced or answered from the cache at once where that is possible, and else put
// into the queue. A list of completion items never waits long, because clients hold back the items of
// every other server for it: what is not ready in time is answered with nothing, and the client asks
// again at the next key.
//
// What clients do with answers decides their form: a superseded question gets null (an empty list for
// completion items), "nothing to show" gets a list without items, and errors are left to wrong
// questions and to those that the client took back.
//
// Thread rule: session strand only.
// Errors: invalid_params (a question without a position, or about a document that is not open),
//         request_cancelled.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lsp/client/client.h"
#include "lsp/client/pending_requests.h"
#include "lsp/client/settings.h"
#include "lsp/document/documents.h"
#include "lsp/feature/inline_items.h"
#include "lsp/worker/engine_keeper.h"
#include "lsp/worker/fill_queue.h"
#include "lsp/worker/type_through_cache.h"

namespace inpaint::lsp {

class CompletionFeature {
 public:
  /// `session` runs the timers. All are the session's, and outlive the feature.
  struct Parts {
    boost::asio::any_io_executor session;
    const Documents& documents;
    const Client& client;
    EngineKeeper& engine;
    FillQueue& queue;
    TypeThroughCache& cache;
    Log& log;
  };
  explicit CompletionFeature(Parts parts);
  ~CompletionFeature();
  CompletionFeature(const CompletionFeature&) = delete;
  CompletionFeature& operator=(const CompletionFeature&) = delete;

  void set_workspace(std::vector<std::filesystem::path> folders) { folders_ = std::move(folders); }
  void set_settings(const Settings& settings);
  /// Whether `textDocument/completion` is to have items.
  bool offers_items() const;

  void inline_completion(const Json& params, Reply reply);
  void completion(const Json& params, Reply reply);
  /// False where no open question has this id.
  bool cancel(const Json& id);
  void did_close(const std::string& uri);
  /// Answers everything that is open.
  void end_all();

 private:
  struct Question;
  using Open = std::map<std::uint64_t, std::unique_ptr<Question>>;

  /// Null where it could be answered at once.
  std::unique_ptr<Question> read(Face face, const Json& params, Reply reply) const;
  void stay_silent(Question& question) const;
  void ask(std::unique_ptr<Question> question);
  void on_answer(std::uint64_t number, const FillAnswer& answer);
  void answer(Question& question, const Document& document, std::size_t cursor,
              const Fills& fills) const;
  void answer_nothing(Question& question) const;
  void answer_superseded(Question& question) const;
  bool snoozing() const;
  FillQuestion question_of(const Question& question, const Document& document) const;

  Parts parts_;
  Settings settings_;
  std::optional<std::chrono::steady_clock::time_point> snooze_end_;
  std::vector<std::filesystem::path> folders_;
  Open open_;
  std::uint64_t last_number_ = 0;
};

}  // namespace inpaint::lsp
