// A whole session in one process, with a fake engine: whatever a client says, every request that
// has an id is answered once, nothing is answered that was not asked, nothing throws, and the
// session ends in order.
//
// The input is the messages of a client, one a line. A line that begins with "!" has the engine
// throw from then on, one that begins with "." has it answer again.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "lsp/session/session.h"

using namespace inpaint::lsp;  // a program of one function
namespace engine = inpaint::engine;

namespace {

namespace asio = boost::asio;

void require(bool holds) {
  if (!holds) std::abort();
}

class FuzzedEngine final : public engine::Engine {
 public:
  explicit FuzzedEngine(const std::atomic<bool>& throws) : throws_(throws) {}
  const engine::EngineInfo& info() const override { return info_; }
  engine::Result<engine::FillReply> fill(engine::FillRequest request) override {
    if (throws_) throw std::bad_alloc();
    if (request.stop.stop_requested())
      return engine::failure(engine::ErrorCode::cancelled, "fill", "stopped");
    engine::Fill fill;
    fill.text = "x + 1";
    fill.tokens = {{engine::SpanToken::State::set, fill.text, 0.9F}};
    fill.probability = 0.9F;
    fill.ended = true;
    engine::FillReply reply;
    reply.alternatives.push_back({std::vector(request.holes.size(), fill)});
    for (const engine::Hole& hole : request.holes)
      reply.drafts.emplace_back(hole.drafts.size(), fill);
    return reply;
  }

 private:
  const std::atomic<bool>& throws_;
  engine::EngineInfo info_;
};

/// Counts questions and answers by their ids.
class Ledger {
 public:
  void asked(const Json& id) { ++open_[id.dump()]; }
  void sent(const Json& message) {
    if (message.contains("method")) return;  // the server's own
    const Json& id = message.at("id");
    if (id.is_null()) return;  // to what could not be read
    require(--open_[id.dump()] >= 0);
  }
  bool is_settled() const {
    return std::ranges::all_of(open_, [](const auto& one) { return one.second == 0; });
  }

 private:
  std::map<std::string, int> open_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::ostringstream log_text;
  Log log(log_text, {.notes = true, .lines = 1000});
  std::atomic<bool> throws = false;
  Ledger ledger;
  int n_left = 0;
  asio::io_context loop(1);
  EngineWorker worker(loop.get_executor(), {.open = [&](const engine::Loading&) {
                        return std::make_unique<FuzzedEngine>(throws);
                      }});
  Session session({.strand = loop.get_executor(),
                   .send =
                       [&](const Json& message) {
                         require(!to_text(message).empty());
                         ledger.sent(message);
                       },
                   .leave = [&](int) { ++n_left; },
                   .watch_process = [](std::int64_t) {},
                   .worker = worker,
                   .log = log,
                   .settings = {}});

  std::string_view lines(reinterpret_cast<const char*>(data), size);
  while (!lines.empty() && n_left == 0) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (line.starts_with('!') || line.starts_with('.')) {
      throws = line.front() == '!';
      continue;
    }
    auto message = parse_message(line);
    if (!message) {
      if (!message.error().error.id.is_null()) ledger.asked(message.error().error.id);
      session.on_unreadable(message.error());
    } else {
      if (message->kind == Message::Kind::request) ledger.asked(message->id);
      session.on_message(std::move(*message));
    }
    loop.restart();
    loop.poll();
  }
  session.on_closed(std::nullopt);
  require(n_left == 1);
  require(ledger.is_settled());
  return 0;
}
