// The real program over its pipes. No model is there, so torch is never loaded: opening the engine
// fails with a message, and the server lives on. Its last moments with an engine are looked at from
// inside of the process.
#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "lsp/protocol/position.h"
#include "lsp/session/server.h"
#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/session/served_binary.h"

namespace inpaint::lsp {
namespace {

using test::ServedBinary;

const std::string kUri = "file:///w/a.py";

std::vector<std::string> without_a_model() {
  return {"serve", "--stdio", "--model", "/no/such/model"};
}

Json question(Position at, const std::string& uri = kUri) {
  return {{"textDocument", {{"uri", uri}}},
          {"position", to_json(at)},
          {"context", {{"triggerKind", 1}}}};
}

/// Says when it goes.
class MortalEngine : public test::FakeEngine {
 public:
  explicit MortalEngine(std::vector<std::string>& story)
      : FakeEngine(test::script_of({test::fill_of({test::set_token("x", 0.9F)})}),
                   std::make_shared<test::Asked>()),
        story_(story) {}
  ~MortalEngine() override { story_.emplace_back("the engine is let go of"); }

 private:
  std::vector<std::string>& story_;
};

TEST(Server, WithAnEngineItLeavesAfterTheLastByteAndBeforeTheEngineIsLetGoOf) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  ASSERT_EQ(::pipe(in.data()), 0);
  ASSERT_EQ(::pipe(out.data()), 0);
  const std::string input =
      to_frame(to_text(to_request(1, "initialize", {{"capabilities", Json::object()}}))) +
      to_frame(to_text(to_notification("initialized", Json::object()))) +
      to_frame(to_text(to_request(2, "shutdown", nullptr))) +
      to_frame(to_text(to_notification("exit", nullptr)));
  ASSERT_EQ(::write(in[1], input.data(), input.size()), static_cast<ssize_t>(input.size()));

  std::vector<std::string> story;
  std::ostringstream log_text;
  Log log(log_text, {.notes = true});
  const ServerOptions options{
      .in = in[0],
      .out = out[1],
      .engines = {.open =
                      [&](const engine::Loading&) {
                        return std::make_unique<MortalEngine>(story);
                      }},
      .abandon =
          [&](int code) {
            story.push_back("left with " + std::to_string(code));
            std::array<char, 65536> bytes;
            const ssize_t n = ::read(out[0], bytes.data(), bytes.size());
            story.emplace_back(bytes.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
            story.push_back(log_text.str());
            EXPECT_EQ(::fcntl(in[0], F_GETFL) & O_NONBLOCK, 0);
          },
  };
  EXPECT_EQ(run_server(options, log), 0);
  ASSERT_EQ(story.size(), 4U);
  EXPECT_EQ(story[0], "left with 0");
  EXPECT_NE(story[1].find("\"id\":2"), std::string::npos) << story[1];
  EXPECT_NE(story[2].find("leaving with 0"), std::string::npos) << story[2];
  EXPECT_EQ(story[3], "the engine is let go of");
  for (const int descriptor : {in[0], in[1], out[0], out[1]}) ::close(descriptor);
}

class ServerTest : public testing::Test {
 protected:
  ServedBinary server_{without_a_model()};
};

TEST_F(ServerTest, LivesFromInitializeToExit) {
  const Json result = server_.initialize()["result"];
  EXPECT_EQ(result["serverInfo"]["name"], "inpaint");
  server_.open(kUri, "return ");
  EXPECT_EQ(
      server_.answer(server_.request("textDocument/inlineCompletion", question({0, 7})))["result"],
      Json::parse(R"({"items":[]})"));
  EXPECT_EQ(server_.answer(server_.request("shutdown", nullptr))["result"], nullptr);
  server_.notify("exit", nullptr);
  EXPECT_EQ(server_.exit_code(), 0);
}

TEST(Server, AnswersToThePlainFlagOfClientsAndToTheirProcessId) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--stdio"},
        {"--stdio", "--clientProcessId=" + std::to_string(::getpid())},
        {"serve"},
        {"serve", "--clientProcessId", "1", "--mode", "diffusion"}}) {
    ServedBinary server(words, {"INPAINT_MODEL=/no/such/model"});
    EXPECT_TRUE(server.initialize().contains("result"));
    server.answer(server.request("shutdown", nullptr));
    server.notify("exit", nullptr);
    EXPECT_EQ(server.exit_code(), 0);
  }
}

TEST_F(ServerTest, SaysOnceWhyThereIsNoModelAndLivesOn) {
  server_.initialize();
  server_.open(kUri, "return ");
  for (int i = 0; i < 3; ++i) {
    server_.answer(server_.request("textDocument/inlineCompletion", question({0, 7})));
  }
  const auto messages = std::ranges::count_if(server_.others, [](const Json& message) {
    return message.value("method", "") == "window/showMessage";
  });
  EXPECT_EQ(messages, 1);
  const std::string text = server_.others.front()["params"]["message"];
  EXPECT_NE(text.find("/no/such/model"), std::string::npos) << text;
  EXPECT_NE(text.find("--model"), std::string::npos) << text;
}

TEST(Server, AnswersWithoutLoadingTorch) {
  const test::TemporaryFolder folder;
  const std::string log = (folder.path() / "loaded").string();
  {
    ServedBinary server(without_a_model(), {"LD_DEBUG=libs", "LD_DEBUG_OUTPUT=" + log});
    EXPECT_TRUE(server.initialize().contains("result"));
    server.open(kUri, "return ");
    server.answer(server.request("textDocument/inlineCompletion", question({0, 7})));
    server.answer(server.request("shutdown", nullptr));
    server.notify("exit", nullptr);
    EXPECT_EQ(server.exit_code(), 0);
  }
  std::string loaded;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    loaded += test::content_of(file.path().string());
  }
  EXPECT_NE(loaded.find("libc.so"), std::string::npos) << "the linker wrote no log";
  EXPECT_EQ(loaded.find("torch"), std::string::npos);
}

TEST(Server, SaysThatItHasNobodyToTalkTo) {
  for (const int closed : {STDIN_FILENO, STDOUT_FILENO}) {
    ServedBinary server(without_a_model(), {}, closed);
    EXPECT_EQ(server.exit_code(), 1);
    EXPECT_NE(server.errors().find("it is closed"), std::string::npos) << server.errors();
  }
}

struct BadBytes {
  const char* name;
  std::string bytes;
  const char* told;
};

TEST(Server, BytesThatAreNoFrameAreOneMessageThatIsLost) {
  const BadBytes cases[] = {
      {"garbage", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "header line 'GET"},
      {"a line of nothing", std::string(10'000, 'x'), "a header of more than"},
      {"a gigabyte", "Content-Length: 1073741824\r\n\r\n", "the limit is"},
      {"a length that is too short", "Content-Length: 1\r\n\r\n{}\r\n\r\n", "a header line"},
      {"a length that is a word", "Content-Length: many\r\n\r\n{}", "Content-Length is 'many'"},
  };
  for (const BadBytes& c : cases) {
    ServedBinary server(without_a_model());
    ASSERT_TRUE(server.initialize().contains("result")) << c.name;
    server.write(c.bytes);
    EXPECT_EQ(server.answer(server.request("shutdown", nullptr))["result"], nullptr) << c.name;
    EXPECT_TRUE(std::ranges::any_of(server.others, [&](const Json& message) {
      return message.contains("error") && message["id"].is_null() &&
             message["error"]["message"].dump().contains(c.told);
    })) << c.name;
    server.notify("exit", nullptr);
    EXPECT_EQ(server.exit_code(), 0) << c.name;
    EXPECT_NE(server.errors().find(c.told), std::string::npos) << c.name << ": " << server.errors();
    // Half of the gigabyte that was only claimed; a sanitizer takes much of it.
    EXPECT_LT(server.peak_kib(), 512 * 1024) << c.name;
  }
}

TEST(Server, EndsWithAReasonWhereItsInputCanNotBeRead) {
  // As a client that ends leaves it: the write end is there, and nothing can be read.
  const int folder = ::open("/", O_RDONLY | O_CLOEXEC);
  std::ostringstream log_text;
  Log log(log_text);
  std::array<int, 2> out{};
  ASSERT_EQ(::pipe(out.data()), 0);
  const ServerOptions options{.in = folder, .out = out[1]};
  EXPECT_EQ(run_server(options, log), 1);
  EXPECT_NE(log_text.str().find("standard input: Is a directory"), std::string::npos)
      << log_text.str();
  for (const int descriptor : {folder, out[0], out[1]}) ::close(descriptor);
}

TEST_F(ServerTest, AFrameThatIsCutShortByTheEndIsAnError) {
  server_.initialize();
  server_.write("Content-Length: 100\r\n\r\n{");
  server_.stop_writing();
  EXPECT_EQ(server_.exit_code(), 1);
  EXPECT_NE(server_.errors().find("inside of a frame"), std::string::npos) << server_.errors();
}

TEST_F(ServerTest, AMessageThatIsNoJsonIsAnsweredAndTheConnectionGoesOn) {
  server_.initialize();
  server_.write(to_frame("{\"jsonrpc\": \"2.0\", "));
  Json answer = server_.read();
  while (answer.contains("method")) answer = server_.read();
  EXPECT_EQ(answer["error"]["code"], -32700);
  EXPECT_EQ(server_.answer(server_.request("no/such/method", nullptr))["error"]["code"], -32601);
}

TEST_F(ServerTest, ChangesThatMakeNoSenseDoNoHarm) {
  server_.initialize();
  server_.open(kUri, "a = 1\n");
  const auto change = [&](const std::string& uri, int version, Json changes) {
    server_.notify("textDocument/didChange",
                   {{"textDocument", {{"uri", uri}, {"version", version}}},
                    {"contentChanges", std::move(changes)}});
  };
  const auto at = [](Position from, Position to, const char* text) {
    return Json{{"range", to_json(Range{from, to})}, {"text", text}};
  };
  change("file:///unknown.py", 2, {at({0, 0}, {0, 0}, "x")});
  change(kUri, 9, {at({50, 50}, {60, 60}, "b")});
  change(kUri, 3, {at({0, 3}, {0, 1}, "c")});
  change(kUri, 4, {{{"range", {{"start", -1}}}, {"text", "x"}}, 5, nullptr});
  change(kUri, 5, {{{"text", 7}}});
  server_.notify("textDocument/didChange", {{"textDocument", 3}});
  server_.notify("textDocument/didChange", Json::array());
  server_.notify("textDocument/didClose", {{"textDocument", {{"uri", "file:///unknown.py"}}}});
  server_.notify("textDocument/didOpen", nullptr);
  EXPECT_TRUE(server_.answer(server_.request("textDocument/inlineCompletion", question({0, 1})))
                  .contains("result"));
}

TEST_F(ServerTest, ASurrogateThatIsCutInTwoDoesNoHarm) {
  server_.initialize();
  server_.open(kUri, "");
  for (const char* half : {"\\ud83d", "\\ude00"}) {
    server_.write(to_frame(
        R"({"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":")" +
        kUri + R"(","version":2},"contentChanges":[{"range":{"start":{"line":0,"character":0},)" +
        R"("end":{"line":0,"character":0}},"text":")" + half + "\"}]}}"));
  }
  EXPECT_TRUE(server_.answer(server_.request("textDocument/inlineCompletion", question({0, 1})))
                  .contains("result"));
  EXPECT_EQ(server_.errors().find("can not be read"), std::string::npos) << server_.errors();
}

TEST_F(ServerTest, ExitWithoutShutdownIsOne) {
  server_.initialize();
  server_.notify("exit", nullptr);
  EXPECT_EQ(server_.exit_code(), 1);
}

TEST_F(ServerTest, ShutdownWithoutExitWaitsForTheEndOfItsInput) {
  server_.initialize();
  server_.answer(server_.request("shutdown", nullptr));
  EXPECT_EQ(server_.answer(server_.request("shutdown", nullptr))["error"]["code"], -32600);
  server_.stop_writing();
  EXPECT_EQ(server_.exit_code(), 0);
}

TEST_F(ServerTest, AClientThatDiesTakesTheServerAlong) {
  server_.initialize();
  server_.open(kUri, "return ");
  server_.request("textDocument/inlineCompletion", question({0, 7}));
  server_.stop_reading();
  server_.stop_writing();
  EXPECT_EQ(server_.exit_code(), 1);
}

TEST(Server, TheEndOfTheNamedProcessIsTheServersEnd) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t client = ::fork();
  if (client == 0) {
    ::close(ends[1]);
    char byte = 0;
    [[maybe_unused]] const ssize_t n = ::read(ends[0], &byte, 1);
    ::_exit(0);
  }
  ServedBinary server({"serve", "--clientProcessId=" + std::to_string(client)},
                      {"INPAINT_MODEL=/no/such/model"});
  EXPECT_TRUE(server.initialize().contains("result"));
  ::kill(client, SIGKILL);
  ::close(ends[0]);
  ::close(ends[1]);
  ::waitpid(client, nullptr, 0);
  EXPECT_EQ(server.exit_code(), 1);
}

TEST_F(ServerTest, AClientThatStopsReadingIsLeft) {
  server_.initialize();
  // Each answer holds its id: 40 of a megabyte are more than the server keeps.
  const std::string id(1 << 20, 'i');
  bool taken = true;
  for (int i = 0; i < 40 && taken; ++i) taken = server_.send(to_request(id, "unknown", nullptr));
  EXPECT_EQ(server_.exit_code(), 1);
  EXPECT_NE(server_.errors().find("bytes unread"), std::string::npos) << server_.errors();
}

TEST_F(ServerTest, AThousandRequestsAtOnceAreEachAnsweredOnce) {
  server_.initialize();
  server_.open(kUri, "return a\nreturn b\n");
  std::string bytes;
  std::set<int> open;
  for (int id = 1001; id <= 2000; ++id) {
    const Position at{static_cast<std::uint32_t>(id % 2), static_cast<std::uint32_t>(id % 8)};
    const char* method = id % 7 == 0    ? "textDocument/completion"
                         : id % 11 == 0 ? "unknown"
                                        : "textDocument/inlineCompletion";
    bytes += to_frame(to_text(to_request(id, method, question(at))));
    if (id % 5 == 0) {
      bytes += to_frame(to_text(to_notification("$/cancelRequest", {{"id", id - id % 3}})));
    }
    open.insert(id);
  }
  ASSERT_TRUE(server_.write(bytes));
  while (!open.empty()) {
    const Json message = server_.read();
    ASSERT_FALSE(message.is_null());
    if (message.contains("method")) continue;
    ASSERT_EQ(open.erase(message["id"].get<int>()), 1U) << message;
  }
  EXPECT_EQ(server_.answer(server_.request("shutdown", nullptr))["result"], nullptr);
}

}  // namespace
}  // namespace inpaint::lsp
