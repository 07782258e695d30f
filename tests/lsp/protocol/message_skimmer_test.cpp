#include "lsp/protocol/message_skimmer.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

/// `id method document`, and "." where the text was whole.
std::string skim(std::string_view text, std::size_t piece) {
  MessageSkimmer skimmer;
  for (std::size_t at = 0; at < text.size(); at += piece) skimmer.feed(text.substr(at, piece));
  const SkimmedMessage& seen = skimmer.seen();
  return seen.id.dump() + " " + seen.method + " " + seen.document + (seen.whole ? "." : "");
}

struct SkimCase {
  const char* name;
  std::string text;
  const char* expect;
};

const SkimCase kCases[] = {
    {"nothing", "", "null  "},
    {"a request", R"({"jsonrpc":"2.0","id":7,"method":"m","params":{}})", "7 m ."},
    {"in another order",
     R"({"params":{"textDocument":{"text":"x","uri":"u"}},"method":"m","id":"a"})", "\"a\" m u."},
    {"white space", " { \"id\" : 7 , \"method\" : \"m\" } \n", "7 m ."},
    {"a number that ends the text", R"({"id":7)", "null  "},
    {"ids that are none", R"({"id":{"id":1},"params":{"id":2},"x":[{"id":3}]})", "null  ."},
    {"members of that name elsewhere",
     R"({"params":{"uri":"a","method":"b","textDocument":{"x":{"uri":"c"}},"y":{"uri":"d"}}})",
     "null  ."},
    {"a text that looks like a message", R"({"method":"a\",\"id\":9,\"x\":\""})",
     "null a\",\"id\":9,\"x\":\" ."},
    {"a backslash at the end of a text", R"({"a":"\\","method":"m"})", "null m ."},
    {"an escape that is none", R"({"method":"\x","id":1})", "1  ."},
    {"a list", R"([{"id":1,"method":"m"}])", "null  ."},
    {"brackets without begin", "]]}} {\"id\":1}", "1  ."},
    {"something behind", R"({"id":1} x)", "1  "},
    {"deep nesting",
     "{\"id\":1,\"x\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}", "1  ."},
    {"a method without an end", "{\"method\":\"" + std::string(100'000, 'x') + "\",\"id\":1}",
     "1  ."},
};

TEST(MessageSkimmer, SeesWhatAMessageIsAboutHoweverItIsCut) {
  for (const SkimCase& c : kCases) {
    for (const std::size_t piece : {1UL, 3UL, 1UL << 20})
      EXPECT_EQ(skim(c.text, piece), c.expect) << c.name << ", pieces of " << piece;
  }
}

}  // namespace
}  // namespace inpaint::lsp
