#include "lsp/command/bench_rows.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/tokenizer/tokenizer.h"
#include "grammar/hole_planner.h"
#include "lsp/command/child_process.h"

namespace inpaint::lsp {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMaxLineTokens = 16;
constexpr std::size_t kTypedAtOnce = 4;
/// Typical of the project's tokenizer on source code, rounded up, so that a budget is filled.
constexpr std::size_t kBytesPerToken = 8;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string join(std::span<const std::string> lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// A place in a text at which a line is being written.
struct Place {
  std::size_t begin = 0;  // of the line's words
  std::size_t end = 0;    // of the line
};

/// The lines that are long enough to be typed and plain ASCII, so that every byte is a keystroke.
std::vector<Place> places_of(std::string_view text) {
  std::vector<Place> places;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    const std::size_t words = line.find_first_not_of(" \t");
    const bool plain =
        std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) < 128; });
    if (plain && words != std::string_view::npos && line.size() - words >= 24)
      places.push_back({begin + words, end});
    begin = end + 1;
  }
  return places;
}

class Measuring {
 public:
  Measuring(const BenchSubject& subject, const BenchAmount& amount)
      : subject_(subject),
        amount_(amount),
        text_(join(std::span(subject.lines).first(std::min(kBenchLines, subject.lines.size())))),
        places_(places_of(text_)) {}

  std::vector<Series> all() {
    starts();
    plans();
    tokens();
    cold_context();
    typed_context(kTypedAtOnce, fmt::format("context after {} typed characters", kTypedAtOnce));
    typed_context(1, "context after one keystroke");
    denoising();
    return std::move(rows_);
  }

 private:
  bool wanted(const std::string& what) const {
    return subject_.filter.empty() || what.find(subject_.filter) != std::string::npos;
  }

  /// A row that the filter lets pass, else null. The pointer holds until the next call.
  Series* row(std::string what, std::string unit, std::optional<double> budget) {
    if (!wanted(what)) return nullptr;
    if (subject_.on_row) subject_.on_row(what);
    rows_.push_back({std::move(what), std::move(unit), budget, {}, {}});
    return &rows_.back();
  }

  /// Calls `sample` until it answers false, there is enough, or the time is over.
  template <class Sample>
  void repeat(Sample&& sample) const {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < amount_.samples && !subject_.stop.stop_requested(); ++i) {
      if (!sample(i)) return;
      if (milliseconds_since(start) > amount_.seconds * 1000.0) return;
    }
  }

  void starts() {
    if (subject_.program.empty()) return;
    const std::string program = subject_.program.string();
    const auto time = [&](Series* series, std::vector<std::string> words) {
      if (!series) return;
      words.insert(words.begin(), program);
      repeat([&](std::size_t) {
        const auto outcome = run_child(words);
        if (!outcome || outcome->exit_code != 0) {
          series->note = "the program could not be started, or failed";
          return false;
        }
        series->values.push_back(outcome->milliseconds);
        return true;
      });
    };
    time(row("program start to --help", "ms", 50.0), {"--help"});
    Series* opened = row("program start, library and model opened", "ms", std::nullopt);
    if (opened) opened->note = "inpaint doctor, from its start to its end";
    time(opened, {"doctor", "--json", "--model", subject_.model.string()});
  }

  void plans() {
    Series* series = row("hole planned", "ms", 2.0);
    if (!series) return;
    constexpr int kCalls = 1000;  // one alone is below what a clock can tell
    std::size_t sum = 0;
    repeat([&](std::size_t i) {
      if (places_.empty()) return false;
      const std::size_t cursor = places_[i % places_.size()].end;
      const auto start = Clock::now();
      for (int call = 0; call < kCalls; ++call)
        sum += grammar::plan_hole({.text = text_, .cursor = cursor}).range.begin;
      series->values.push_back(milliseconds_since(start) / kCalls);
      return true;
    });
    if (sum == 0) series->note = "no line of the text is long enough";
  }

  void tokens() {
    Series* series = row("text tokenised", "ms", 2.0);
    if (!series) return;
    const auto tokenizer = engine::Tokenizer::load(subject_.model / "tokenizer.json");
    if (!tokenizer) {
      series->note = engine::to_string(tokenizer.error());
      return;
    }
    std::size_t count = 0;
    repeat([&](std::size_t) {
      const auto start = Clock::now();
      count = tokenizer->encode(text_).size();
      series->values.push_back(milliseconds_since(start));
      return true;
    });
    series->note = fmt::format("{} lines, {} bytes, {} tokens",
                               std::min(kBenchLines, subject_.lines.size()), text_.size(), count);
  }

  /// The path comes first in a context: with a new one nothing of an older context fits.
  std::string new_path() { return fmt::format("{}{}/{}", subject_.run, ++paths_, subject_.path); }

  /// Asks for the rest of the line at `cursor`, of which `text` holds nothing any more.
  engine::Result<engine::FillReply> fill(const std::string& path, std::string text,
                                         std::size_t cursor, engine::Mode mode, int max_tokens) {
    engine::FillRequest request;
    request.path = path;
    request.text = std::move(text);
    request.holes = {{.range = {cursor, cursor},
                      .max_tokens = max_tokens,
                      .stops_at_newline = true,
                      .constraint = nullptr}};
    request.mode = mode;
    request.stop = subject_.stop;
    return subject_.engine.fill(std::move(request));
  }

  /// The text with its line cut off at `cursor`.
  static std::string cut(const std::string& text, std::size_t cursor, std::size_t line_end) {
    return text.substr(0, cursor) + text.substr(line_end);
  }

  void cold_context() {
    Series* series = row("context cold, at the model's budget", "ms", 150.0);
    if (!series) return;
    const int budget = subject_.engine.info().context_budget;
    std::string text = join(subject_.lines);
    text.resize(std::min(text.size(), kBytesPerToken * static_cast<std::size_t>(budget)));
    const std::vector<Place> places = places_of(text);
    repeat([&](std::size_t) {
      if (places.empty()) return false;
      const Place place = places[places.size() / 2];
      const auto reply = fill(new_path(), cut(text, place.begin, place.end), place.begin,
                              engine::Mode::autoregressive, 1);
      if (!keep(*series, reply)) return false;
      series->values.push_back(reply->context_ms);
      series->note =
          fmt::format("{} tokens, {} of them reused", reply->context_tokens, reply->reused_tokens);
      return true;
    });
  }

  void typed_context(std::size_t characters, const std::string& what) {
    Series* series = row(what, "ms", 10.0);
    if (!series || places_.empty()) return;
    std::size_t at = places_.size() / 2;
    std::size_t typed = 0;
    int reused = 0;
    int shown = 0;
    const std::string path = new_path();
    // The first request in a line, when the cursor has just come there, is not a keystroke.
    const auto ask = [&] {
      const Place place = places_[at];
      const std::size_t cursor = std::min(place.begin + typed, place.end);
      return fill(path, cut(text_, cursor, place.end), cursor, engine::Mode::autoregressive, 1);
    };
    if (!keep(*series, ask())) return;
    repeat([&](std::size_t) {
      typed += characters;
      if (places_[at].begin + typed >= places_[at].end) {
        at = (at + 1) % places_.size();
        typed = 0;
        if (!keep(*series, ask())) return false;
        typed = characters;
      }
      const auto reply = ask();
      if (!keep(*series, reply)) return false;
      series->values.push_back(reply->context_ms);
      reused += reply->reused_tokens;
      shown += reply->context_tokens;
      return true;
    });
    const auto n = static_cast<double>(std::max<std::size_t>(series->values.size(), 1));
    series->note = fmt::format("{:.0f} tokens, {:.0f} of them reused", shown / n, reused / n);
  }

  void denoising() {
    struct ModeRows {
      engine::Mode mode;
      const char* word;
      Series span, tokens, forward;
    };
    std::array<ModeRows, 3> modes{{{engine::Mode::diffusion, "diffusion", {}, {}, {}},
                                   {engine::Mode::lossless, "lossless", {}, {}, {}},
                                   {engine::Mode::autoregressive, "autoregressive", {}, {}, {}}}};
    bool any = false;
    for (ModeRows& mode : modes) {
      mode.span = {fmt::format("line denoised, {}", mode.word),
                   "ms",
                   60.0,
                   {},
                   fmt::format("at most {} tokens", kMaxLineTokens)};
      mode.tokens = {fmt::format("tokens per forward, {}", mode.word), "tokens", {}, {}, {}};
      mode.forward = {fmt::format("one forward, {}", mode.word), "ms", {}, {}, {}};
      for (const Series* one : {&mode.span, &mode.tokens, &mode.forward}) any |= wanted(one->what);
    }
    if (!any) return;
    if (subject_.on_row) subject_.on_row("lines denoised");
    // The same places for every mode; the first one there pays for the context, which is not counted.
    const std::string path = new_path();
    repeat([&](std::size_t i) {
      if (places_.empty()) return false;
      // A step that is prime to most counts spreads the places over the text.
      const Place place = places_[(i * 37) % places_.size()];
      const std::size_t cursor = place.begin + (place.end - place.begin) / 2;
      for (ModeRows& mode : modes) {
        const auto reply =
            fill(path, cut(text_, cursor, place.end), cursor, mode.mode, kMaxLineTokens);
        if (!keep(mode.span, reply)) return false;
        mode.span.values.push_back(reply->denoise_ms);
        if (reply->forwards <= 0 || reply->alternatives.empty()) continue;
        const auto& fills = reply->alternatives.front().fills;
        if (fills.empty()) continue;
        // The end of a fill is decoded like any other token, though it has no text.
        const std::size_t written = fills.front().tokens.size() + (fills.front().ended ? 1 : 0);
        mode.tokens.values.push_back(static_cast<double>(written) / reply->forwards);
        mode.forward.values.push_back(reply->denoise_ms / reply->forwards);
      }
      return true;
    });
    for (ModeRows& mode : modes)
      for (Series* one : {&mode.span, &mode.tokens, &mode.forward})
        if (wanted(one->what)) rows_.push_back(std::move(*one));
  }

  /// Notes what went wrong; a stop is no fault of the row.
  static bool keep(Series& series, const engine::Result<engine::FillReply>& reply) {
    if (reply) return true;
    if (reply.error().code != engine::ErrorCode::cancelled)
      series.note = engine::to_string(reply.error());
    return false;
  }

  const BenchSubject& subject_;
  const BenchAmount& amount_;
  std::string text_;
  std::vector<Place> places_;
  std::vector<Series> rows_;
  int paths_ = 0;
};

}  // namespace

std::vector<Series> measure(const BenchSubject& subject, const BenchAmount& amount) {
  return Measuring(subject, amount).all();
}

}  // namespace inpaint::lsp
