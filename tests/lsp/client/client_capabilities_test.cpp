// What real clients send, cut down to what is read.
#include "lsp/client/client_capabilities.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

using enum PositionEncoding;

const char* const kVsCode = R"({
  "general": {"positionEncodings": ["utf-16"]},
  "window": {"workDoneProgress": true},
  "workspace": {"configuration": true, "didChangeConfiguration": {"dynamicRegistration": true}},
  "textDocument": {
    "completion": {"dynamicRegistration": true, "completionItem": {
      "snippetSupport": true, "insertReplaceSupport": true, "labelDetailsSupport": true,
      "documentationFormat": ["markdown", "plaintext"],
      "insertTextModeSupport": {"valueSet": [1, 2]}}},
    "inlineCompletion": {"dynamicRegistration": true}}})";

const char* const kEglot = R"({
  "general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]},
  "window": {"workDoneProgress": true},
  "workspace": {"configuration": true, "didChangeConfiguration": {"dynamicRegistration": false}},
  "textDocument": {"completion": {"completionItem": {
      "snippetSupport": false, "insertReplaceSupport": true, "documentationFormat": ["plaintext"]}}}})";

TEST(ClientCapabilities, OfVsCode) {
  const ClientCapabilities client = client_capabilities_from(Json::parse(kVsCode));
  EXPECT_EQ(client.encodings, std::vector{utf16});
  EXPECT_TRUE(client.inline_completion && client.snippets && client.insert_replace &&
              client.insert_as_is && client.markdown_docs && client.label_details &&
              client.progress && client.pulls_settings && client.registers_settings &&
              client.registers_completion);
}

TEST(ClientCapabilities, OfEglot) {
  const ClientCapabilities client = client_capabilities_from(Json::parse(kEglot));
  EXPECT_EQ(client.encodings, (std::vector{utf32, utf8, utf16}));
  EXPECT_TRUE(client.insert_replace && client.progress && client.pulls_settings);
  EXPECT_FALSE(client.inline_completion || client.snippets || client.insert_as_is ||
               client.markdown_docs || client.label_details || client.registers_settings ||
               client.registers_completion);
}

TEST(ClientCapabilities, WhatIsOfAWrongKindCanNotBeDone) {
  for (const char* json : {"null", "[]", R"({"general":[],"textDocument":5,"window":"x"})",
                           R"({"general":{"positionEncodings":["utf-7",3]},
                               "textDocument":{"completion":{"completionItem":[]}}})"}) {
    const ClientCapabilities client = client_capabilities_from(Json::parse(json));
    EXPECT_TRUE(client.encodings.empty()) << json;
    EXPECT_FALSE(client.snippets || client.inline_completion || client.progress) << json;
  }
}

TEST(ClientCapabilities, AreReadByTheirMeaning) {
  // What Lua, Vim script and people make of objects, flags and lists of one.
  const ClientCapabilities client = client_capabilities_from(Json::parse(R"({
    "general": {"positionEncodings": "UTF-8"},
    "window": {"workDoneProgress": 1},
    "textDocument": {
      "inlineCompletion": [],
      "codeAction": {"dataSupport": 1, "codeActionLiteralSupport": [],
                     "resolveSupport": {"properties": "edit"}},
      "completion": {"completionItem": {"documentationFormat": "markdown", "snippetSupport": 0}}}})"));
  EXPECT_EQ(client.encodings, std::vector{utf8});
  EXPECT_TRUE(client.progress && client.inline_completion && client.resolves_edits &&
              client.markdown_docs);
  EXPECT_FALSE(client.snippets);
}

struct EncodingCase {
  std::vector<PositionEncoding> offered;
  std::optional<PositionEncoding> wanted;
  PositionEncoding expect;
};

TEST(ClientCapabilities, Utf16WheneverItIsThere) {
  const EncodingCase cases[] = {
      {{}, std::nullopt, utf16},      {{}, utf8, utf16},
      {{utf16}, std::nullopt, utf16}, {{utf32, utf8, utf16}, std::nullopt, utf16},
      {{utf8}, std::nullopt, utf8},   {{utf32, utf8}, std::nullopt, utf32},
      {{utf8, utf16}, utf8, utf8},    {{utf16}, utf32, utf16},
      {{utf16, utf32}, utf32, utf32},
  };
  for (const EncodingCase& c : cases) {
    ClientCapabilities client;
    client.encodings = c.offered;
    EXPECT_EQ(choose_encoding(client, c.wanted), c.expect);
  }
}

TEST(ClientCapabilities, WorkspaceFolders) {
  const auto folders = [](const char* json) {
    std::string all;
    for (const auto& folder : workspace_folders_from(Json::parse(json)))
      all += folder.string() + ";";
    return all;
  };
  EXPECT_EQ(folders(R"({"workspaceFolders":[{"uri":"file:///a%20b","name":"x"},{"uri":"file:///c"}],
                        "rootUri":"file:///d"})"),
            "/a b;/c;");
  EXPECT_EQ(folders(R"({"workspaceFolders":null,"rootUri":"file:///d"})"), "/d;");
  EXPECT_EQ(folders(R"({"rootUri":null,"rootPath":"/e"})"), "/e;");
  EXPECT_EQ(folders(R"({"rootUri":"vscode-vfs://x/y","workspaceFolders":[1,{}]})"), "");
  EXPECT_EQ(folders(R"({"workspaceFolders":[],"rootUri":"file:///d/"})"), "/d;");
  EXPECT_EQ(folders(R"({"workspaceFolders":{"uri":"file://localhost/d/./e"}})"), "/d/e;");
}

}  // namespace
}  // namespace inpaint::lsp
