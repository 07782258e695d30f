#include "lsp/command/path_options.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "lsp/command/command_line.h"

namespace inpaint::lsp {
namespace {

const engine::PathRoots kRoots{"/w", "/h"};

template <class Options>
Options resolved(const std::vector<std::string>& arguments) {
  auto command = parse_command_line(arguments);
  EXPECT_TRUE(command.has_value());
  EXPECT_TRUE(make_paths_absolute(*command, kRoots).has_value());
  return std::get<Options>(*command);
}

TEST(PathOptions, OfEveryCommandBecomeAbsolute) {
  const auto complete = resolved<CompleteOptions>(
      {"complete", "./a.py:1:2", "--snippet", "~/b.py", "--neighbour=c/", "--neighbour", "/d"});
  EXPECT_EQ(complete.location, "/w/a.py:1:2");
  EXPECT_EQ(complete.snippets, std::vector<std::string>{"/h/b.py"});
  EXPECT_EQ(complete.neighbours, (std::vector<std::string>{"/w/c", "/d"}));
  EXPECT_EQ(resolved<RewriteOptions>({"rewrite", "a.py"}).file, "/w/a.py");
  EXPECT_EQ(resolved<ServeOptions>({"serve", "--log=~/log"}).log, "/h/log");
  EXPECT_EQ(resolved<ServeOptions>({"serve", "--adapter", "a/"}).model.adapter, "/w/a");
  EXPECT_EQ(resolved<ServeOptions>({"serve", "--adapter", "none"}).model.adapter, "none");
  EXPECT_EQ(resolved<BenchOptions>({"bench", "--file", "a.py"}).file, "/w/a.py");
  const auto eval = resolved<EvalOptions>({"eval", "--cases", "c", "--out", "~/o", "--summary=s"});
  EXPECT_EQ(eval.cases, "/w/c");
  EXPECT_EQ(eval.out, "/h/o");
  EXPECT_EQ(eval.summary, "/w/s");
  const auto cases = resolved<CasesOptions>({"cases", "--from", ".", "--out", "o"});
  EXPECT_EQ(cases.from, "/w");
  EXPECT_EQ(cases.out, "/w/o");
  const auto pack = resolved<ShardsPackOptions>({"shards", "pack", "--from=~", "--out=o/"});
  EXPECT_EQ(pack.from, "/h");
  EXPECT_EQ(pack.out, "/w/o");
  const auto verify = resolved<ShardsVerifyOptions>({"shards", "verify", "f", "--never", "n"});
  EXPECT_EQ(verify.folder, "/w/f");
  EXPECT_EQ(verify.never, "/w/n");
  const auto train = resolved<engine::TrainOptions>(
      {"train", "--data", "d/", "--valid", "~/v", "--out=o", "--tokenizer", "t"});
  EXPECT_EQ(train.data, "/w/d");
  EXPECT_EQ(train.valid, "/h/v");
  EXPECT_EQ(train.out, "/w/o");
  EXPECT_EQ(train.tokenizer, "/w/t");
  const auto goes_on = resolved<engine::TrainOptions>({"train", "--data", "d", "--from", "mini"});
  EXPECT_EQ(goes_on.from, "mini") << "a word, or a path: model_search.h tells";
}

TEST(PathOptions, WhatWasNotGivenStaysAway) {
  EXPECT_FALSE(resolved<ServeOptions>({"serve"}).log);
  EXPECT_FALSE(resolved<EvalOptions>({"eval", "--cases", "c", "--out", "o"}).summary);
  const auto train = resolved<engine::TrainOptions>({"train", "--data", "d"});
  EXPECT_TRUE(train.out.empty() && train.valid.empty() && train.tokenizer.empty());
}

TEST(PathOptions, TheFirstThatHasNoBeginningIsNamed) {
  auto command = parse_command_line({"eval", "--cases", "/c", "--out", "o", "--summary", "s"});
  const auto named = make_paths_absolute(*command, {});
  ASSERT_FALSE(named.has_value());
  EXPECT_EQ(named.error().what, "o");
}

}  // namespace
}  // namespace inpaint::lsp
