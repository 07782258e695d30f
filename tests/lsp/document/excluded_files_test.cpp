#include "lsp/document/excluded_files.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

using engine::Secrecy;

Secrecy secrecy(const std::string& uri, const std::string& language = "plaintext",
                const std::string& text = "a = 1\n") {
  return secrecy_of(Document(Uri(uri), language, 1, text, PositionEncoding::utf16));
}

struct UriCase {
  const char* name;
  const char* uri;
  Secrecy secrecy;
};

// The names themselves are the rule's (tests/engine/base/secret_files_test.cpp).
const UriCase kUris[] = {
    {"a file", "file:///w/.env", Secrecy::secret},
    {"a file of another machine", "vscode-remote://ssh/w/.npmrc", Secrecy::secret},
    {"an unsaved buffer", "untitled:.env", Secrecy::secret},
    {"an unsaved buffer with a path", "untitled:/w/id_rsa", Secrecy::secret},
    {"escapes", "file:///w/%2Eenv%2Elocal", Secrecy::secret},
    {"an escaped drive", "file:///c%3A/Users/a/.aws/credentials", Secrecy::secret},
    {"a version of it", "git:/w/.env?%7B%22ref%22%3A%22HEAD%22%7D", Secrecy::secret},
    {"source code of that name", "file:///w/credentials.py", Secrecy::guarded},
    {"any other", "file:///w/a.txt", Secrecy::open},
    {"a buffer without a name", "untitled:Untitled-1", Secrecy::open},
};

TEST(ExcludedFiles, AreKnownByTheirUris) {
  for (const UriCase& c : kUris) EXPECT_EQ(secrecy(c.uri), c.secrecy) << c.name;
}

TEST(ExcludedFiles, AreKnownBehindLinks) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / ".ssh");
  folder.write(".ssh/work", "");
  std::filesystem::create_symlink(folder.path() / ".ssh/work", folder.path() / "notes.txt");
  std::filesystem::create_directory_symlink(folder.path() / ".ssh", folder.path() / "keys");
  const std::string root = "file://" + folder.path().string();
  EXPECT_EQ(secrecy(root + "/notes.txt"), Secrecy::secret);
  EXPECT_EQ(secrecy(root + "/keys/work"), Secrecy::secret);
  EXPECT_EQ(secrecy(root + "/keys/not-there-yet"), Secrecy::secret);
  EXPECT_EQ(secrecy(root + "/other.txt"), Secrecy::open);
}

TEST(ExcludedFiles, AreKnownByWhatTheClientCallsThem) {
  for (const char* language : {"dotenv", "DotEnv", "netrc", "ansible-vault"})
    EXPECT_EQ(secrecy("untitled:Untitled-1", language), Secrecy::secret) << language;
  EXPECT_EQ(secrecy("untitled:Untitled-1", "python"), Secrecy::open);
}

TEST(ExcludedFiles, AUserCanAddToThem) {
  const std::vector<std::string> more = {"*.secret.py", "private/*", "gen*ed*", "~/mine/*"};
  for (const char* path : {"/w/a.secret.py", "/w/private/a.py", "private/a.py", "/w/generated_x.c",
                           "/home/a/mine/b.py"}) {
    EXPECT_TRUE(pattern_of(path, more)) << path;
  }
  for (const char* path : {"/w/secret.py", "/w/private/sub/a.py", "/w/private", "/w/gen.c"}) {
    EXPECT_FALSE(pattern_of(path, more)) << path;
  }
}

TEST(ExcludedFiles, APatternOfManyStarsCostsNothing) {
  const std::string stars(100, '*');
  const std::vector<std::string> more = {stars + 'b' + stars + 'c'};
  EXPECT_FALSE(pattern_of(std::string(4000, 'a'), more));
}

}  // namespace
}  // namespace inpaint::lsp
