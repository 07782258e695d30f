#include "engine/base/named_path.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

struct PathCase {
  const char* given;
  const char* expect;
};

const PathCase kPaths[] = {
    {"a.py", "/work-folder/a.py"},
    {"./a.py", "/work-folder/a.py"},
    {"../a.py", "/work-folder/../a.py"},
    {"models/mini/", "/work-folder/models/mini"},
    {"models//mini/.//", "/work-folder/models/mini"},
    {".", "/work-folder"},
    {"/", "/"},
    {"//", "/"},
    {"/a/b", "/a/b"},
    {"/a/../b/", "/a/../b"},
    {"//a//b//", "/a/b"},
    {"~", "/h"},
    {"~/", "/h"},
    {"~/a", "/h/a"},
    {"~//a/", "/h/a"},
    {"~anna/a", "/work-folder/~anna/a"},
    {"a/~/b", "/work-folder/a/~/b"},
    {"a\nb", "/work-folder/a\nb"},
    {"caf\xe9", "/work-folder/caf\xe9"},
    {" a ", "/work-folder/ a "},
};

TEST(NamedPath, EveryPathBecomesAbsolute) {
  const PathRoots roots{"/work-folder", "/h"};
  for (const PathCase& c : kPaths) {
    const auto path = absolute_path(c.given, roots);
    ASSERT_TRUE(path) << c.given;
    EXPECT_EQ(path->string(), c.expect) << c.given;
  }
}

TEST(NamedPath, WhatHasNoBeginningIsRefused) {
  EXPECT_EQ(absolute_path("", {"/w", "/h"}).error().code, ErrorCode::bad_argument);
  EXPECT_EQ(absolute_path("~/a", {"/w", ""}).error(),
            (Error{ErrorCode::bad_argument, "~/a", "HOME is not set", "write the path without ~"}));
  EXPECT_EQ(
      absolute_path("a", {"", "/h"}).error(),
      (Error{ErrorCode::file_not_found, "a", "the folder that the program was started in is gone",
             "name it by an absolute path"}));
  EXPECT_EQ(absolute_path("/a", {"", ""}), "/a");
}

}  // namespace
}  // namespace inpaint::engine
