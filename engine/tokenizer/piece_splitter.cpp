#include "engine/tokenizer/piece_splitter.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <new>
#include <utility>

#include <fmt/format.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/base/utf8.h"

namespace inpaint::engine {
namespace {

constexpr std::size_t kMaxPatternBytes = 1 << 16;
constexpr std::uint32_t kMatchLimit = 10'000'000;
constexpr std::uint32_t kDepthLimit = 1'000'000;
constexpr std::uint32_t kHeapLimitKib = 64 * 1024;

// Patterns of known models take about two steps a byte; 64 leave room, and 2^20 let a short text
// with a hard pattern through. At some 20 ns a step, a megabyte can take a second at worst.
constexpr std::uint64_t kStepsPerByte = 64;
constexpr std::uint64_t kStepsAtLeast = 1 << 20;

template <auto kFree>
struct FreeWith {
  template <class T>
  void operator()(T* thing) const {
    kFree(thing);
  }
};
using MatchData = std::unique_ptr<pcre2_match_data, FreeWith<pcre2_match_data_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, FreeWith<pcre2_match_context_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context, FreeWith<pcre2_compile_context_free>>;

// PCRE2 calls out before every item of the pattern. The way between two calls is what it has read,
// forwards, or thrown away, backwards: so counted, no pattern can work for long unnoticed.
struct StepCounter {
  std::uint64_t left = 0;
  std::size_t last_position = 0;
};

int count_step(pcre2_callout_block* block, void* data) {
  auto& counter = *static_cast<StepCounter*>(data);
  std::size_t position = block->current_position;
  std::size_t way = position > counter.last_position ? position - counter.last_position
                                                     : counter.last_position - position;
  counter.last_position = position;
  std::uint64_t cost = 1 + way;
  if (cost > counter.left) {
    counter.left = 0;
    return PCRE2_ERROR_CALLOUT;
  }
  counter.left -= cost;
  return 0;
}

std::size_t line_end(std::string_view text, std::size_t from) {
  std::size_t newline = text.find('\n', from);
  return newline == std::string_view::npos ? text.size() : newline + 1;
}

// One pattern with what a thread needs to run it.
class Matcher {
 public:
  Matcher(const pcre2_code* code, StepCounter& counter)
      : code_(code),
        counter_(counter),
        data_(pcre2_match_data_create(1, nullptr)),
        context_(pcre2_match_context_create(nullptr)) {
    if (!data_ || !context_) throw std::bad_alloc();
    pcre2_set_match_limit(context_.get(), kMatchLimit);
    pcre2_set_depth_limit(context_.get(), kDepthLimit);
    pcre2_set_heap_limit(context_.get(), kHeapLimitKib);
    pcre2_set_callout(context_.get(), count_step, &counter_);
  }

  // Appends the ends of the pieces of `text`, shifted by `base`. `text` is valid UTF-8.
  void split(std::string_view text, std::size_t base, std::vector<std::size_t>& ends) {
    std::size_t at = 0;
    while (at < text.size()) {
      if (counter_.left == 0) {
        at = line_end(text, at);
        ends.push_back(base + at);
        continue;
      }
      counter_.last_position = at;
      int found = pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), at,
                              PCRE2_NOTEMPTY | PCRE2_NO_UTF_CHECK, data_.get(), context_.get());
      if (found == PCRE2_ERROR_NOMATCH) {
        ends.push_back(base + text.size());
        return;
      }
      const PCRE2_SIZE* match = pcre2_get_ovector_pointer(data_.get());
      // An error is a limit that was met.
      if (found < 0 || match[0] < at || match[1] <= match[0] || match[1] > text.size()) {
        at = line_end(text, at);
        ends.push_back(base + at);
        continue;
      }
      if (match[0] > at) ends.push_back(base + match[0]);
      ends.push_back(base + match[1]);
      at = match[1];
    }
  }

 private:
  const pcre2_code* code_;
  StepCounter& counter_;
  MatchData data_;
  MatchContext context_;
};

// Valid and invalid stretches of UTF-8, which every pattern starts from.
struct Run {
  std::size_t end = 0;
  bool valid = true;
};

std::vector<Run> utf8_runs(std::string_view text) {
  std::vector<Run> runs;
  std::size_t at = 0;
  while (at < text.size()) {
    if (std::size_t valid = valid_utf8_prefix(text.substr(at)); valid > 0) {
      runs.push_back({at += valid, true});
    }
    if (std::size_t invalid = invalid_utf8_prefix(text.substr(at)); invalid > 0) {
      runs.push_back({at += invalid, false});
    }
  }
  return runs;
}

}  // namespace

struct PieceSplitter::Code {
  std::unique_ptr<pcre2_code, FreeWith<pcre2_code_free>> compiled;
};

Result<PieceSplitter> PieceSplitter::compile(const std::vector<std::string>& patterns,
                                             std::string_view name) {
  auto bad = [&](std::string why) {
    return failure(ErrorCode::bad_tokenizer, std::string(name), std::move(why),
                   "use a model whose tokenizer splits in the way of GPT-2, Qwen or Llama 3");
  };
  CompileContext context(pcre2_compile_context_create(nullptr));
  if (!context) return bad("no memory for the split pattern");
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  constexpr std::uint32_t kOptions =
      PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_AUTO_CALLOUT | PCRE2_NEVER_BACKSLASH_C;
  std::vector<std::shared_ptr<const Code>> codes;
  for (const std::string& pattern : patterns) {
    if (pattern.size() > kMaxPatternBytes) {
      return bad(fmt::format("a split pattern of {} bytes, at most {} are read", pattern.size(),
                             kMaxPatternBytes));
    }
    int error = 0;
    PCRE2_SIZE where = 0;
    auto code = std::make_shared<Code>();
    code->compiled.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                       kOptions, &error, &where, context.get()));
    if (!code->compiled) {
      PCRE2_UCHAR words[256] = {};
      pcre2_get_error_message(error, words, sizeof words);
      return bad(fmt::format("the split pattern is not usable at byte {}, {}", where,
                             reinterpret_cast<const char*>(words)));
    }
    codes.push_back(std::move(code));
  }
  return PieceSplitter(std::move(codes));
}

std::vector<std::size_t> PieceSplitter::split(std::string_view text) const {
  StepCounter counter;
  counter.left = std::max(kStepsAtLeast, kStepsPerByte * text.size());
  std::vector<std::size_t> ends;
  std::size_t begin = 0;
  std::vector<Matcher> matchers;
  matchers.reserve(codes_.size());
  for (const auto& code : codes_) matchers.emplace_back(code->compiled.get(), counter);

  for (const Run& run : utf8_runs(text)) {
    std::vector<std::size_t> pieces = {run.end};
    for (std::size_t m = 0; run.valid && m < matchers.size(); ++m) {
      std::vector<std::size_t> finer;
      finer.reserve((run.end - begin) / 4 + 1);
      std::size_t piece_begin = begin;
      for (std::size_t piece_end : pieces) {
        matchers[m].split(text.substr(piece_begin, piece_end - piece_begin), piece_begin, finer);
        piece_begin = piece_end;
      }
      pieces = std::move(finer);
    }
    if (ends.empty()) {
      ends = std::move(pieces);
    } else {
      ends.insert(ends.end(), pieces.begin(), pieces.end());
    }
    begin = run.end;
  }
  assert(text.empty() || ends.back() == text.size());  // split() covers every run to its end
  return ends;
}

}  // namespace inpaint::engine
