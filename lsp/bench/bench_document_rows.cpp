#include "lsp/bench/bench_document_rows.h"

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "lsp/bench/bench_text.h"
#include "lsp/bench/machine_facts.h"
#include "lsp/client/log.h"
#include "lsp/document/background_parser.h"
#include "lsp/document/documents.h"
#include "lsp/feature/inline_items.h"
#include "lsp/feature/text_document_sync.h"
#include "lsp/protocol/message.h"
#include "lsp/worker/type_through_cache.h"

namespace inpaint::lsp {
namespace {

using Clock = BenchSampler::Clock;
using engine::milliseconds_since;

const char* const kUri = "file:///bench/long.cpp";

std::string long_text(const std::vector<std::string>& lines) {
  std::string text;
  for (std::size_t i = 0; i < kLongDocumentLines && !lines.empty(); ++i)
    text += lines[i % lines.size()] + "\n";
  return text;
}

/// The session's documents with a long one open, in which lines are typed anew.
class LongDocument {
 public:
  LongDocument(std::string_view text, std::span<const BenchPlace> places) : typing_(text, places) {
    open();
  }

  const Document& document() const { return *documents_.find(Uri(kUri)); }
  std::size_t cursor() const { return typing_.cursor(); }
  std::string_view rest() const { return typing_.rest(); }

  /// The message that types the next character, as it arrives; the begin of a new line is told, and
  /// has no message.
  std::string next_key() {
    const std::size_t cursor = typing_.cursor();
    const std::string character(typing_.rest().substr(0, 1));
    if (!typing_.type(1)) {
      open();  // the line of before is whole again
      return "";
    }
    return change({cursor, cursor}, character);
  }

  /// The message that replaces a range, as it arrives.
  std::string change(ByteRange range, std::string_view with) {
    return to_text(to_notification(
        "textDocument/didChange",
        {{"textDocument", {{"uri", kUri}, {"version", ++version_}}},
         {"contentChanges", {{{"range", to_json(document().range(range))}, {"text", with}}}}}));
  }

  void receive(std::string_view message) {
    auto read = parse_message(message);
    auto params = DidChangeParams::read(read->params);
    documents_.change(params->document, params->version, std::move(params->changes));
  }
  /// What the background parser has to say is heard between two keys.
  void catch_up() {
    loop_.restart();  // without work it has stopped
    loop_.poll();
  }

 private:
  void open() {
    documents_.close(Uri(kUri));
    documents_.open({Uri(kUri), "cpp", ++version_, typing_.text()});
  }

  std::ostream nowhere_{nullptr};
  Log log_{nowhere_};
  boost::asio::io_context loop_;
  BackgroundParser parser_{loop_.get_executor()};
  Documents documents_{parser_, log_};
  Typing typing_;
  int version_ = 0;
};

void measure_changes(BenchSampler& sampler, std::string_view text,
                     std::span<const BenchPlace> places) {
  Series* series = sampler.row("didChange applied, at 10,000 lines", "ms", 2.0);
  if (!series || places.empty()) return;
  LongDocument document(text, places);
  sampler.repeat([&](std::size_t) {
    std::string message = document.next_key();
    if (message.empty()) message = document.next_key();
    document.catch_up();
    const std::uint64_t before = document.document().revision();
    const auto start = Clock::now();
    document.receive(message);
    series->values.push_back(milliseconds_since(start));
    if (document.document().revision() == before) series->note = "the change was not applied";
    return series->note.empty();
  });
  if (series->note.empty())
    series->note =
        fmt::format("one key, {} bytes; the tree follows, in the background where it takes longer",
                    text.size());
}

/// The rest of the line was answered at its begin; each key is then found in the cache.
void measure_type_through(BenchSampler& sampler, std::string_view text,
                          std::span<const BenchPlace> places) {
  Series* series = sampler.row("type-through answer, at 10,000 lines", "ms", 5.0);
  if (!series || places.empty()) return;
  LongDocument document(text, places);
  TypeThroughCache cache;
  const auto place = [&] {
    return FillPlace{Uri(kUri), document.document().snapshot(), document.cursor(), 1};
  };
  const auto answer_line = [&] {
    cache.keep(place(), {{document.cursor(), document.cursor()}, {std::string(document.rest())}});
  };
  answer_line();
  sampler.repeat([&](std::size_t) {
    std::string message = document.next_key();
    if (message.empty()) {
      answer_line();
      message = document.next_key();
    }
    const auto start = Clock::now();
    document.receive(message);
    const auto fills = cache.find(place());
    if (!fills || fills->texts.empty()) {
      series->note = "the cache does not know the fill any more";
      return false;
    }
    const std::string answer =
        to_text(to_response(1, to_inline_items(document.document(), document.cursor(), *fills)));
    series->values.push_back(milliseconds_since(start));
    if (!fills->texts.front().ends_with(document.rest()) || answer.empty())
      series->note = "the answer is another text";
    return series->note.empty();
  });
  if (series->note.empty()) series->note = "didChange and the question, in the server's process";
}

/// Days of typing: what the session keeps of a document it has to drop again.
void measure_growth(BenchSampler& sampler, std::string_view text,
                    std::span<const BenchPlace> places) {
  constexpr std::size_t kEdits = 2500;  // a sample: 40 of them make the 100,000 of days
  Series* series = sampler.row("memory grown by editing", "MiB", 1.0);
  if (!series || places.empty()) return;
#ifdef __SANITIZE_THREAD__
  // With so many edits it finds that tree-sitter reads a count without an atomic (documents_slow_test.cpp).
  series->note = "not under ThreadSanitizer";
  return;
#endif
  LongDocument document(text, places);
  const auto type_and_take_back = [&] {
    for (std::size_t i = 0; i < kEdits / 2; ++i) {
      const std::size_t at = places[i % places.size()].begin;
      document.receive(document.change({at, at}, i % 4 == 0 ? "(" : "x"));
      document.receive(document.change({at, at + 1}, ""));
      document.catch_up();
    }
  };
  type_and_take_back();  // what is kept for good is there after this
  const double before = process_memory().resident_mib;
  sampler.repeat_all([&](std::size_t) {
    type_and_take_back();
    series->values.push_back(process_memory().resident_mib - before);
    return true;
  });
  series->note = fmt::format("resident, over {} edits after the first {}; {} bytes",
                             series->values.size() * kEdits, kEdits, text.size());
}

}  // namespace

void measure_documents(BenchSampler& sampler) {
  const std::string text = long_text(sampler.subject().lines);
  const std::vector<BenchPlace> places = bench_places(text);
  measure_changes(sampler, text, places);
  measure_type_through(sampler, text, places);
  const std::string file = join_lines(sampler.subject().lines);
  measure_growth(sampler, file, bench_places(file));
}

}  // namespace inpaint::lsp
