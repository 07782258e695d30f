#include "lsp/command/eval_command.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/base/guarded.h"
#include "lsp/command/progress_line.h"
#include "lsp/evaluation/case_runner.h"
#include "lsp/evaluation/engine_thread.h"
#include "lsp/evaluation/eval_case.h"
#include "lsp/evaluation/eval_summary.h"
#include "lsp/evaluation/result_log.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::Error;
using engine::ErrorCode;
using engine::Result;

/// The word for it on the command line.
std::string_view answered_by(const RunnerOptions& runner) {
  if (runner.without_engine == Drafts::copies) return "copy";
  if (runner.without_engine == Drafts::analogies) return "analogy";
  if (runner.without_engine == Drafts::both) return "draft";
  switch (runner.decoding.mode) {
    case engine::Mode::diffusion: return "diffusion";
    case engine::Mode::lossless: return "lossless";
    case engine::Mode::autoregressive: return "autoregressive";
  }
  return "unknown";
}

/// The engine, or none where drafts alone answer, or nothing is left to be asked.
Result<std::unique_ptr<engine::Engine>> open_engine(const EvalOptions& options, bool needed,
                                                    Program& program) {
  if (!needed || options.runner.without_engine) return nullptr;
  const auto open = [&] { return program.open_model(options.model); };
  return options.jobs == 1 ? open() : EngineThread::start(open);
}

/// Answers the cases in some threads, writes the answers in order, and shows how far it is.
class Evaluation {
 public:
  Evaluation(const std::vector<EvalCase>& cases, const std::vector<std::size_t>& open,
             const CaseRunner& runner, ResultLog& log, Program& program)
      : cases_(cases),
        open_(open),
        runner_(runner),
        log_(log),
        stop_(program.stop),
        progress_(program.err, program.err_screen) {}

  /// Scores of what was answered, in any order; the first failure ends it.
  Result<void> run(int jobs, std::vector<ScoredCase>& scored) {
    {
      // This thread is one of them: with one job nothing changes its thread, the engine least of all.
      std::vector<std::jthread> workers;
      for (int i = 1; i < jobs; ++i) workers.emplace_back([this, &scored] { work_on(scored); });
      work_on(scored);
    }
    progress_.write("");
    if (failed_) return std::unexpected(*failed_);
    return {};
  }

 private:
  /// The door of a worker's thread.
  void work_on(std::vector<ScoredCase>& scored) {
    const Result<void> worked = engine::guarded("eval", [&] { work(scored); });
    if (!worked) fail(worked.error());
  }

  void work(std::vector<ScoredCase>& scored) {
    while (!give_up_) {
      const std::size_t i = next_++;
      if (i >= open_.size()) return;
      const EvalCase& asked = cases_[open_[i]];
      auto result = runner_.run(asked, stop_);
      if (result) {
        const ScoredCase one = score(asked, *result);
        if (const auto written = log_.add(i, *result); !written) {
          fail(written.error());
        } else {
          // Workers take turns here: the streams and the list belong to no thread.
          const std::scoped_lock lock(mutex_);
          scored.push_back(one);
          exact_ += one.exact ? 1 : 0;
          show_progress(++done_);
        }
      } else {
        Error error = result.error();
        if (error.code != ErrorCode::cancelled) error.what = asked.id + ": " + error.what;
        fail(std::move(error));
      }
    }
  }

  void fail(Error error) {
    const std::scoped_lock lock(mutex_);
    if (!failed_) failed_ = std::move(error);
    give_up_ = true;
  }

  void show_progress(std::size_t done) {
    progress_.write(fmt::format("{} of {} cases, {:.1f} % exact", done, open_.size(),
                                100.0 * static_cast<double>(exact_) / static_cast<double>(done)));
  }

  const std::vector<EvalCase>& cases_;
  const std::vector<std::size_t>& open_;  // which of them are to be answered
  const CaseRunner& runner_;
  ResultLog& log_;
  std::stop_token stop_;
  ProgressLine progress_;  // of whoever holds the mutex
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> give_up_ = false;
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::size_t exact_ = 0;
  std::optional<Error> failed_;
};

/// Scores what was answered before; answers which cases are still to be asked.
std::vector<std::size_t> open_cases(const std::vector<EvalCase>& cases,
                                    const std::vector<EvalResult>& answered,
                                    std::vector<ScoredCase>& scored) {
  std::unordered_map<std::string_view, const EvalResult*> known;
  for (const EvalResult& result : answered) known.emplace(result.id, &result);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto found = known.find(cases[i].id);
    if (found == known.end()) {
      open.push_back(i);
    } else {
      scored.push_back(score(cases[i], *found->second));
    }
  }
  return open;
}

Result<void> write_summary(const EvalOptions& options, const std::vector<ScoredCase>& scored,
                           Program& program, std::string model) {
  if (scored.empty()) return {};
  const EvalSummary summary{.mode = std::string(answered_by(options.runner)),
                            .gate = options.runner.decoding.gate,
                            .model = std::move(model),
                            .rows = summarise(scored),
                            .lengths = summarise_by_length(scored)};
  program.err << to_table(summary);
  if (!options.summary) return {};
  return engine::write_file_atomically(*options.summary, to_json(summary));
}

}  // namespace

int eval_command(const EvalOptions& options, Program& program) {
  const auto cases = read_cases(options.cases, options.limit);
  if (!cases) return report(program, cases.error());
  const fs::path out = options.out;
  std::error_code ignored;
  if (fs::equivalent(options.cases, out, ignored)) {
    return report(program, {ErrorCode::bad_argument, options.out, "holds the cases",
                            "write the answers to another file"});
  }
  std::vector<EvalResult> answered;
  if (options.resume) {
    auto found = recover_results(out);
    if (!found) return report(program, found.error());
    answered = std::move(*found);
  }
  std::vector<ScoredCase> scored;
  const std::vector<std::size_t> open = open_cases(*cases, answered, scored);

  auto engine = open_engine(options, !open.empty(), program);
  if (!engine) return report(program, engine.error());
  const auto log = ResultLog::open(out, options.resume);
  if (!log) return report(program, log.error());
  const CaseRunner runner(engine->get(), options.runner);
  Evaluation evaluation(*cases, open, runner, **log, program);
  const Result<void> ended = evaluation.run(options.jobs, scored);
  // What was answered is summed up also when the rest was not.
  std::string model = *engine ? (*engine)->info().model_path : "";
  const Result<void> summed = write_summary(options, scored, program, std::move(model));
  if (!ended) return report(program, ended.error());
  if (!summed) return report(program, summed.error());
  return kSuccess;
}

}  // namespace inpaint::lsp
