// Servers that do not do what a server should: the replay says so and ends.
#include "lsp/bench/typing_replay.h"

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

engine::Result<Replay> replay(std::vector<std::string> server) {
  return replay_typing({.server = std::move(server),
                        .files = {{"/tmp/area.py", "a = 1\nb = 2\nc = 3\nd = 4\n"}},
                        .keys = 3,
                        .speed = 1000.0,
                        .stop = {},
                        .on_key = {}});
}

TEST(TypingReplay, SaysWhatIsWrongWithAServer) {
  const struct {
    std::vector<std::string> server;
    const char* why;
  } table[] = {
      {{"/no/such/program"}, "could not be started"},
      {{"true"}, "the server"},
      {{"sh", "-c", "read -r line; exit 3"}, "has ended"},
      {{"sh", "-c", "echo rubbish; exec cat >/dev/null"}, "the server"},
      {{"sh", "-c", "printf 'Content-Length: 3\\r\\n\\r\\n{{{'; exec cat >/dev/null"},
       "the server"},
  };
  for (const auto& [server, why] : table) {
    const auto found = replay(server);
    ASSERT_FALSE(found) << server.back();
    EXPECT_NE(to_string(found.error()).find(why), std::string::npos) << to_string(found.error());
  }
}

}  // namespace
}  // namespace inpaint::lsp
