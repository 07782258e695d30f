#include "lsp/protocol/message.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

std::string describe(std::string_view text) {
  const auto message = parse_message(text);
  if (!message) {
    const Unreadable& lost = message.error();
    return std::to_string(static_cast<int>(lost.error.code)) + " " + lost.error.id.dump();
  }
  switch (message->kind) {
    case Message::Kind::request: return "request " + message->id.dump() + " " + message->method;
    case Message::Kind::notification: return "notification " + message->method;
    case Message::Kind::response: break;
  }
  return "response " + message->id.dump() + (message->error.is_null() ? "" : " error");
}

struct MessageCase {
  const char* name;
  std::string text;
  const char* expect;
};

const MessageCase kCases[] = {
    {"a request", R"({"jsonrpc":"2.0","id":1,"method":"m","params":{}})", "request 1 m"},
    {"an id may be a text", R"({"jsonrpc":"2.0","id":"a","method":"m"})", "request \"a\" m"},
    {"a whole number is one", R"({"jsonrpc":"2.0","id":7.0,"method":"m"})", "request 7.0 m"},
    {"a notification", R"({"jsonrpc":"2.0","method":"m","params":[]})", "notification m"},
    {"an answer", R"({"jsonrpc":"2.0","id":7,"result":null})", "response 7"},
    {"a failure", R"({"jsonrpc":"2.0","id":7,"error":{"code":1}})", "response 7 error"},
    {"no JSON", "{", "-32700 null"},
    {"nothing", "", "-32700 null"},
    {"a batch", R"([{"jsonrpc":"2.0","id":1,"method":"m"}])", "-32600 null"},
    {"a number", "1", "-32600 null"},
    {"without a version", R"({"id":1,"method":"m"})", "-32600 1"},
    {"another version", R"({"jsonrpc":"1.0","id":1,"method":"m"})", "-32600 1"},
    {"an id that is a list", R"({"jsonrpc":"2.0","id":[1],"method":"m"})", "-32600 null"},
    {"an id that is a fraction", R"({"jsonrpc":"2.0","id":1.5,"method":"m"})", "-32600 null"},
    {"a method that is a number", R"({"jsonrpc":"2.0","id":1,"method":2})", "-32600 1"},
    {"params that are a text", R"({"jsonrpc":"2.0","id":1,"method":"m","params":"p"})", "-32600 1"},
    {"neither method nor result", R"({"jsonrpc":"2.0","id":1})", "-32600 1"},
    {"nested without bound", std::string(100'000, '['), "-32700 null"},
    {"nested deep, and whole", std::string(5'000, '[') + std::string(5'000, ']'), "-32600 null"},
    {"a request that nests deep",
     R"({"jsonrpc":"2.0","id":8,"method":"m","params":)" + std::string(5'000, '[') +
         std::string(5'000, ']') + "}",
     "-32600 8"},
    {"one that breaks off", R"({"jsonrpc":"2.0","id":8,"method":"m","params":{)", "-32700 null"},
    {"many brackets in a text are none",
     R"({"jsonrpc":"2.0","method":"m","params":["\"\\)" + std::string(1000, '[') + "\"]}",
     "notification m"},
};

TEST(Message, Cases) {
  for (const MessageCase& c : kCases) EXPECT_EQ(describe(c.text), c.expect) << c.name;
}

struct LostCase {
  const char* name;
  std::string text;
  const char* method;
  const char* document;
  bool is_notification;
};

const std::string kChange =
    R"({"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///a"},)"
    R"("contentChanges":[)";

const LostCase kLost[] = {
    {"a change that breaks off", kChange + R"({"text":"x)", "textDocument/didChange", "file:///a",
     false},
    {"one that nests deep", kChange + std::string(500, '[') + std::string(500, ']') + "]}}",
     "textDocument/didChange", "file:///a", true},
    {"the URI of another member",
     R"({"params":{"uri":"a","textDocument":[{"uri":"b"}]},"method":"m")", "m", "", false},
    {"one that is escaped", R"({"method":"m","params":{"textDocument":{"uri":"a\u00e9\"b"}})", "m",
     "a\xC3\xA9\"b", false},
    {"no JSON at all", "method", "", "", false},
};

TEST(Message, OfOneThatIsLostItIsKnownWhatItWasAbout) {
  for (const LostCase& c : kLost) {
    const auto message = parse_message(c.text);
    ASSERT_FALSE(message.has_value()) << c.name;
    EXPECT_EQ(message.error().method, c.method) << c.name;
    EXPECT_EQ(message.error().document, c.document) << c.name;
    EXPECT_EQ(message.error().is_notification, c.is_notification) << c.name;
  }
}

TEST(Message, ABadCharacterDoesNotCostTheMessage) {
  for (const char* text : {"a\xFF", "a\\ud83d", "a\\udc00", "a\\ud83dx\\ud83d"}) {
    const auto message = parse_message(
        std::string(R"({"jsonrpc":"2.0","method":"m","params":{"text":")") + text + "\"}}");
    ASSERT_TRUE(message.has_value()) << text;
    EXPECT_TRUE(message->params["text"].get<std::string>().starts_with("a\xEF\xBF\xBD")) << text;
  }
}

TEST(Message, WhatGoesOutIsAlwaysText) {
  EXPECT_EQ(to_text(to_response(1, "a\xFF")),
            "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":\"a\xEF\xBF\xBD\"}");
  EXPECT_EQ(to_text(to_error_response({RpcErrorCode::parse_error, "why", {}})),
            R"({"error":{"code":-32700,"message":"why"},"id":null,"jsonrpc":"2.0"})");
}

}  // namespace
}  // namespace inpaint::lsp
