#include "lsp/bench/bench_engine_rows.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/tokenizer/tokenizer.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/bench/bench_text.h"

namespace inpaint::lsp {
namespace {

using Clock = BenchSampler::Clock;
using engine::milliseconds_since;

constexpr int kMaxLineTokens = 16;
constexpr std::size_t kTypedAtOnce = 4;
/// Typical of the project's tokenizer on source code, rounded up, so that a budget is filled.
constexpr std::size_t kBytesPerToken = 8;

class EngineRows {
 public:
  explicit EngineRows(BenchSampler& sampler)
      : sampler_(sampler),
        subject_(sampler.subject()),
        text_(join_lines(
            std::span(subject_.lines).first(std::min(kBenchLines, subject_.lines.size())))),
        places_(bench_places(text_)) {}

  void measure() {
    plans();
    tokens();
    cold_context();
    typed_context(kTypedAtOnce, fmt::format("context after {} typed characters", kTypedAtOnce));
    typed_context(1, "context after one keystroke");
    denoising();
  }

 private:
  void plans() {
    Series* series = sampler_.row("hole planned", "ms", 2.0);
    if (!series) return;
    constexpr int kCalls = 100;  // one alone is near what a clock can tell
    const grammar::Language* language = grammar::language_for_path(subject_.path, text_);
    std::size_t sum = 0;
    sampler_.repeat([&](std::size_t i) {
      if (places_.empty()) return false;
      const BenchPlace place = places_[(i * 37) % places_.size()];
      const std::string text = text_without(text_, place.begin, place.end);
      const auto tree = language ? grammar::SyntaxTree::parse(*language, text) : std::nullopt;
      const auto start = Clock::now();
      for (int call = 0; call < kCalls; ++call) {
        const grammar::HolePlan plan = grammar::plan_hole({.text = text,
                                                           .cursor = place.begin,
                                                           .language = language,
                                                           .tree = tree ? &*tree : nullptr});
        sum += plan.range.end;
      }
      series->values.push_back(milliseconds_since(start) / kCalls);
      return true;
    });
    if (sum == 0) series->note = "no line of the text is long enough";
  }

  void tokens() {
    Series* series = sampler_.row("text tokenised", "ms", 2.0);
    if (!series) return;
    const auto tokenizer = engine::Tokenizer::load(subject_.model / "tokenizer.json");
    if (!tokenizer) {
      series->note = engine::to_string(tokenizer.error());
      return;
    }
    std::size_t count = 0;
    sampler_.repeat([&](std::size_t) {
      const auto start = Clock::now();
      count = tokenizer->encode(text_).size();
      series->values.push_back(milliseconds_since(start));
      return true;
    });
    series->note = fmt::format("{} lines, {} bytes, {} tokens",
                               std::min(kBenchLines, subject_.lines.size()), text_.size(), count);
  }

  /// Asks for the rest of the line at `cursor`, of which `text` holds nothing any more.
  engine::Result<engine::FillReply> fill(const std::string& path, std::string text,
                                         std::size_t cursor, engine::Mode mode, int max_tokens) {
    engine::FillRequest request;
    request.path = path;
    request.text = std::move(text);
    request.holes = {{.range = {cursor, cursor}, .stops_at_newline = true, .constraint = nullptr}};
    request.decoding.mode = mode;
    request.decoding.max_tokens = max_tokens;
    request.stop = subject_.stop;
    return subject_.engine.fill(std::move(request));
  }

  void cold_context() {
    Series* series = sampler_.row("context cold, at the model's budget", "ms", 150.0);
    if (!series) return;
    const int budget = subject_.engine.info().context_budget;
    std::string text = join_lines(subject_.lines);
    text.resize(std::min(text.size(), kBytesPerToken * static_cast<std::size_t>(budget)));
    const std::vector<BenchPlace> places = bench_places(text);
    sampler_.repeat([&](std::size_t) {
      if (places.empty()) return false;
      const BenchPlace place = places[places.size() / 2];
      const auto reply = fill(sampler_.new_path(), text_without(text, place.begin, place.end),
                              place.begin, engine::Mode::autoregressive, 1);
      if (!keep(*series, reply)) return false;
      series->values.push_back(reply->context_ms);
      series->note =
          fmt::format("{} tokens, {} of them reused", reply->context_tokens, reply->reused_tokens);
      return true;
    });
  }

  void typed_context(std::size_t characters, const std::string& what) {
    Series* series = sampler_.row(what, "ms", 10.0);
    if (!series || places_.empty()) return;
    Typing typing(text_, places_);
    int reused = 0;
    int shown = 0;
    const std::string path = sampler_.new_path();
    // The first request in a line, when the cursor has just come there, is not a keystroke.
    const auto ask = [&] {
      return fill(path, typing.text(), typing.cursor(), engine::Mode::autoregressive, 1);
    };
    if (!keep(*series, ask())) return;
    sampler_.repeat([&](std::size_t) {
      if (!typing.type(characters)) {
        if (!keep(*series, ask())) return false;
        typing.type(characters);
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
    // Drafts have to pay.
    Series ratio{"line denoised, lossless to autoregressive", "times", 1.0, {}, "of the same line"};
    bool any = sampler_.wanted(ratio.what);
    for (ModeRows& mode : modes) {
      mode.span = {fmt::format("line denoised, {}", mode.word),
                   "ms",
                   60.0,
                   {},
                   fmt::format("at most {} tokens", kMaxLineTokens)};
      mode.tokens = {fmt::format("tokens per forward, {}", mode.word), "tokens", {}, {}, {}};
      mode.forward = {fmt::format("one forward, {}", mode.word), "ms", {}, {}, {}};
      for (const Series* one : {&mode.span, &mode.tokens, &mode.forward})
        any |= sampler_.wanted(one->what);
    }
    if (!any) return;
    sampler_.tell("lines denoised");
    // The same places for every mode; the first one there pays for the context, which is not counted.
    const std::string path = sampler_.new_path();
    sampler_.repeat([&](std::size_t i) {
      if (places_.empty()) return false;
      // A step that is prime to most counts spreads the places over the text.
      const BenchPlace place = places_[(i * 37) % places_.size()];
      const std::size_t cursor = place.begin + (place.end - place.begin) / 2;
      for (ModeRows& mode : modes) {
        const auto reply =
            fill(path, text_without(text_, cursor, place.end), cursor, mode.mode, kMaxLineTokens);
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
      const double plain = modes[2].span.values.back();
      if (plain > 0.0) ratio.values.push_back(modes[1].span.values.back() / plain);
      return true;
    });
    for (ModeRows& mode : modes)
      for (Series* one : {&mode.span, &mode.tokens, &mode.forward}) sampler_.add(std::move(*one));
    sampler_.add(std::move(ratio));
  }

  BenchSampler& sampler_;
  const BenchSubject& subject_;
  std::string text_;
  std::vector<BenchPlace> places_;
};

}  // namespace

void measure_engine(BenchSampler& sampler) { EngineRows(sampler).measure(); }

}  // namespace inpaint::lsp
