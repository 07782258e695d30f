#include "lsp/command/source_file.h"

#include <string>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

using std::string_view_literals::operator""sv;

TEST(SourceFile, ComesBackByteForByte) {
  const test::TemporaryFolder folder;
  for (std::string_view content : {""sv, "a\r\nb\n"sv, "\xEF\xBB\xBFx"sv, "é€😀\t"sv, "\n\n"sv}) {
    const auto text = read_source_file(folder.write("f", content));
    ASSERT_TRUE(text.has_value());
    EXPECT_EQ(*text, content);
  }
}

TEST(SourceFile, OfFiveMegabytesIsRead) {
  const test::TemporaryFolder folder;
  std::string content;
  while (content.size() < 5'000'000)
    content += "int number_" + std::to_string(content.size()) + ";\n";
  const auto text = read_source_file(folder.write("big.c", content));
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(*text, content);
}

struct RefusedCase {
  const char* name;
  std::string_view content;
  const char* why;
};

TEST(SourceFile, IsRefusedWhenItIsNoText) {
  const test::TemporaryFolder folder;
  std::string probe(kBinaryProbe, 'x');
  probe.back() = '\0';
  std::string broken_late(100'000, 'x');
  broken_late += "\xC0\x80";
  const RefusedCase cases[] = {
      {"a NUL at the beginning", "\0abc"sv, "binary file, byte 0 is NUL"},
      {"UTF-16", "a\0b\0"sv, "binary file, byte 1 is NUL"},
      {"a NUL at the end of the probe", probe, "binary file, byte 7999 is NUL"},
      {"Latin-1", "caf\xE9\n", "not UTF-8 at byte offset 3"},
      {"a broken character late in the file", broken_late, "not UTF-8 at byte offset 100000"},
      {"a file that ends in a character", "ab\xE2\x82", "not UTF-8 at byte offset 2"},
  };
  for (const RefusedCase& c : cases) {
    const std::string path = folder.write("f", c.content);
    const auto text = read_source_file(path);
    ASSERT_FALSE(text.has_value()) << c.name;
    EXPECT_EQ(text.error().code, engine::ErrorCode::bad_argument) << c.name;
    EXPECT_EQ(text.error().what, path) << c.name;
    EXPECT_EQ(text.error().why, c.why) << c.name;
    EXPECT_FALSE(text.error().remedy.empty()) << c.name;
  }
}

TEST(SourceFile, MayHoldANulFarFromItsBeginning) {
  const test::TemporaryFolder folder;
  const std::string content = std::string(kBinaryProbe, 'x') + '\0';
  const auto text = read_source_file(folder.write("f", content));
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(*text, content);
}

TEST(SourceFile, IsRefusedAboveTheLimit) {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("f", std::string(1001, 'x'));
  EXPECT_TRUE(read_source_file(path, 1001).has_value());
  const auto text = read_source_file(path, 1000);
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().why, "more than 1000 bytes");
}

TEST(SourceFile, ThatNeverEndsIsRefused) {
  const auto text = read_source_file("/dev/zero", 1'000'000);
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().why, "more than 1000000 bytes");
}

TEST(SourceFile, ThatIsMissingIsNotFound) {
  const test::TemporaryFolder folder;
  for (const char* name : {"nothing", "nothing/below", ""}) {
    const auto text = read_source_file(*name != 0 ? folder.path() / name : "");
    ASSERT_FALSE(text.has_value()) << name;
    EXPECT_EQ(text.error().code, engine::ErrorCode::file_not_found) << name;
  }
}

TEST(SourceFile, ThatIsAFolderIsRefused) {
  const test::TemporaryFolder folder;
  const auto text = read_source_file(folder.path());
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().code, engine::ErrorCode::io_failed);
  EXPECT_EQ(text.error().why, "it is a folder");
}

TEST(SourceFile, ThatMayNotBeReadIsRefused) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const test::TemporaryFolder folder;
  const std::string path = folder.write("f", "x");
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  const auto text = read_source_file(path);
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().why, "you may not read it");
}

TEST(SourceFile, ThatHoldsSecretsIsShownToNoModel) {
  const test::TemporaryFolder folder;
  std::filesystem::create_symlink(folder.write(".env", "A=1\n"), folder.path() / "notes.txt");
  folder.write("key.txt", "-----BEGIN PRIVATE" + std::string(" KEY-----\n"));
  for (const char* name : {".env", "notes.txt", "key.txt"}) {
    const auto text = read_source_file(folder.path() / name);
    ASSERT_FALSE(text.has_value()) << name;
    EXPECT_EQ(text.error().why, "it holds secrets, which no model is shown") << name;
  }
  EXPECT_TRUE(read_source_file(folder.write("secrets.py", "A = 1\n")));
}

}  // namespace
}  // namespace inpaint::lsp
