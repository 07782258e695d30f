// The tree of a document while nothing is parsed on the session's thread.
#include "lsp/document/parsed_document.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "grammar/tree/language.h"

namespace inpaint::lsp {
namespace {

using grammar::ErrorCount;
using grammar::SyntaxTree;

class ParsedDocumentTest : public testing::Test {
 protected:
  void edit(std::size_t at, const std::string& text) {
    const Position position = document_.position(at);
    parsed_.edit(*document_.apply({Range{position, position}, text}));
    parsed_.catch_up(document_.text());
  }
  Tree done(const ParseJob& job) {
    Tree made;
    bool is_done = false;
    parser_.parse(job, [&](Tree tree) {
      made = std::move(tree);
      is_done = true;
    });
    const auto work = boost::asio::make_work_guard(loop_);
    while (!is_done) {
      loop_.restart();
      loop_.run_one();
    }
    return made;
  }
  ErrorCount fresh() const { return SyntaxTree::parse(*language_, document_.text())->errors(); }

  const grammar::Language* language_ = grammar::language_by_name("python");
  Document document_{Uri("file:///w/a.py"), "python", 1, "a = 1\nb = 2\n", PositionEncoding::utf16};
  boost::asio::io_context loop_{1};
  BackgroundParser parser_{loop_.get_executor()};
  ParsedDocument parsed_{language_, std::chrono::microseconds(0)};
};

TEST_F(ParsedDocumentTest, HasATreeOnceTheBackgroundIsDone) {
  parsed_.catch_up(document_.text());
  EXPECT_EQ(parsed_.tree(), nullptr);
  EXPECT_EQ(parsed_.older_copy(), nullptr);
  const auto job = parsed_.begin_job(document_);
  ASSERT_TRUE(job);
  EXPECT_FALSE(parsed_.begin_job(document_)) << "one at a time";
  parsed_.adopt(done(*job));
  ASSERT_NE(parsed_.tree(), nullptr);
  EXPECT_EQ(parsed_.tree()->errors(), ErrorCount{});
  EXPECT_FALSE(parsed_.begin_job(document_)) << "there is nothing to do";
}

TEST_F(ParsedDocumentTest, WhatWasTypedMeanwhileIsToldToTheTree) {
  const auto job = parsed_.begin_job(document_);
  edit(5, " + f(");
  parsed_.adopt(done(*job));
  EXPECT_EQ(parsed_.tree(), nullptr) << "it is of an older text";
  const Tree older = parsed_.older_copy();
  ASSERT_NE(older, nullptr);
  const auto made = SyntaxTree::parse(*language_, document_.text(), older.get());
  EXPECT_EQ(made->errors(), fresh());
  EXPECT_GT(fresh().nodes, 0U);
  const auto next = parsed_.begin_job(document_);
  ASSERT_TRUE(next);
  EXPECT_NE(next->old, nullptr) << "it is parsed incrementally";
  parsed_.adopt(done(*next));
  ASSERT_NE(parsed_.tree(), nullptr);
  EXPECT_EQ(parsed_.tree()->errors(), fresh());
}

TEST_F(ParsedDocumentTest, ATextThatStaysBrokenIsParsedAfreshNowAndThen) {
  parsed_.adopt(done(*parsed_.begin_job(document_)));
  edit(5, " + f(");
  int incremental = 0;
  std::optional<ParseJob> job = parsed_.begin_job(document_);
  while (job->old != nullptr) {
    ++incremental;
    parsed_.adopt(done(*job));
    edit(10, "a");
    job = parsed_.begin_job(document_);
  }
  EXPECT_EQ(incremental, 32);
  parsed_.adopt(done(*job));
  edit(10, "a");
  EXPECT_NE(parsed_.begin_job(document_)->old, nullptr);
}

TEST_F(ParsedDocumentTest, ATextThatTakesTooLongHasNone) {
  ASSERT_TRUE(parsed_.begin_job(document_));
  parsed_.adopt(nullptr);
  EXPECT_FALSE(parsed_.begin_job(document_));
  edit(0, "x");
  EXPECT_FALSE(parsed_.begin_job(document_));
  const auto number = parsed_.job_number();
  parsed_.restart(language_);
  EXPECT_NE(parsed_.job_number(), number) << "an answer about the older text is not wanted";
  EXPECT_TRUE(parsed_.begin_job(document_));
}

TEST_F(ParsedDocumentTest, WithoutAGrammarThereIsNothingToDo) {
  ParsedDocument parsed(nullptr);
  parsed.catch_up("a");
  EXPECT_EQ(parsed.tree(), nullptr);
  EXPECT_FALSE(parsed.begin_job(document_));
}

TEST(BackgroundParser, GivesUpAtItsLimit) {
  boost::asio::io_context loop(1);
  BackgroundParser parser(loop.get_executor(), std::chrono::milliseconds(-1));
  std::string text = "x = [\n";
  for (int i = 0; i < 10'000; ++i) text += "  [1, 2, 'three'],\n";
  bool called = false;
  parser.parse({grammar::language_by_name("python"), std::make_shared<const std::string>(text), {}},
               [&](const Tree& tree) {
                 called = true;
                 EXPECT_EQ(tree, nullptr);
               });
  const auto work = boost::asio::make_work_guard(loop);
  while (!called) loop.run_one();
}

}  // namespace
}  // namespace inpaint::lsp
