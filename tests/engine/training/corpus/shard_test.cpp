#include "engine/training/corpus/shard.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

#include <gtest/gtest.h>

#include "engine/training/corpus/zstd_frame.h"
#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

constexpr int kFast = 1;  // zstd's level; nothing here depends on it

std::string packed(const std::vector<Document>& documents) {
  Result<std::string> file = pack_shard(documents, kFast);
  EXPECT_TRUE(file) << to_string(file.error());
  return file.value_or("");
}

/// All documents of a shard, or the error.
Result<std::vector<Document>> unpacked(std::string bytes, const ShardLimits& limits = {}) {
  Result<Shard> shard = Shard::parse(std::move(bytes), "a.shard", limits);
  if (!shard) return std::unexpected(shard.error());
  Result<ShardTexts> texts = shard->read_texts();
  if (!texts) return std::unexpected(texts.error());
  std::vector<Document> documents;
  for (const ShardEntry& entry : shard->entries())
    documents.push_back(Shard::document(entry, *texts));
  return documents;
}

Document python(std::string text) {
  return {"python", "pypi:attrs@26.1.0", "attr/_make.py", "MIT", std::move(text)};
}

struct RoundTripCase {
  const char* name;
  std::vector<Document> documents;
};

TEST(Shard, ComesBackAsItWasPacked) {
  const RoundTripCase cases[] = {
      {"no document", {}},
      {"one", {python("x = 1\n")}},
      {"an empty text between others", {python("a"), python(""), python("b")}},
      {"empty names", {{"", "", "", "", "x"}}},
      {"CRLF, tabs, NUL and no last line end",
       {python("a\r\n\tb\r\n\r\n"), python(std::string("a\0b", 3)), python("end")}},
      {"characters of every length", {python("é 中 😀 \xef\xbb\xbf")}},
      {"one giant line", {python(std::string(8 << 20, 'x'))}},
      {"equal documents", {python("twice\n"), python("twice\n")}},
  };
  for (const RoundTripCase& c : cases) {
    const Result<std::vector<Document>> back = unpacked(packed(c.documents));
    ASSERT_TRUE(back) << c.name << ": " << to_string(back.error());
    EXPECT_EQ(*back, c.documents) << c.name;
  }
}

TEST(Shard, RandomDocumentsComeBack) {
  const auto seed = static_cast<unsigned>(std::random_device{}());
  std::mt19937 random(seed);
  for (int round = 0; round < 30; ++round) {
    std::vector<Document> documents(random() % 40);
    for (Document& document : documents) {
      for (std::string* field : {&document.language, &document.package, &document.path,
                                 &document.licence, &document.text}) {
        const std::size_t length = random() % (field == &document.text ? 3000 : 60);
        for (std::size_t i = 0; i < length; ++i)
          field->append(random() % 50 == 0 ? "é" : std::string(1, "abc (){};\n\t"[random() % 11]));
      }
    }
    const Result<std::vector<Document>> back = unpacked(packed(documents));
    ASSERT_TRUE(back) << "seed " << seed << ": " << to_string(back.error());
    EXPECT_EQ(*back, documents) << "seed " << seed;
  }
}

TEST(Shard, AFileGivesTheSameAsItsBytes) {
  const TemporaryFolder folder;
  const std::vector<Document> documents = {python("a = 1\n"), python("b = 2\n")};
  const Result<std::uint64_t> size = write_shard(folder.path() / "x.shard", documents, kFast);
  ASSERT_TRUE(size) << to_string(size.error());
  EXPECT_EQ(*size, std::filesystem::file_size(folder.path() / "x.shard"));
  Result<Shard> shard = Shard::open(folder.path() / "x.shard");
  ASSERT_TRUE(shard) << to_string(shard.error());
  Result<ShardTexts> texts = shard->read_texts();
  ASSERT_TRUE(texts);
  EXPECT_EQ(*texts, "a = 1\nb = 2\n");
  EXPECT_EQ(shard->entries()[1].begin, 6u);
  // The file is cut after it was opened.
  std::filesystem::resize_file(folder.path() / "x.shard", *size - 20);
  std::filesystem::resize_file(folder.path() / "x.shard", 60);
  EXPECT_EQ(shard->read_texts().error().code, ErrorCode::bad_data);
  EXPECT_EQ(Shard::open(folder.path() / "none.shard").error().code, ErrorCode::file_not_found);
}

TEST(Shard, EveryTruncationIsRefused) {
  const std::string file = packed({python("def f():\n    return 1\n"), python("y = 2\n")});
  for (std::size_t length = 0; length < file.size(); ++length) {
    const Result<std::vector<Document>> back = unpacked(file.substr(0, length));
    ASSERT_FALSE(back) << length;
    EXPECT_EQ(back.error().code, ErrorCode::bad_data) << length;
    EXPECT_FALSE(back.error().why.empty()) << length;
  }
  EXPECT_FALSE(unpacked(file + "x")) << "a byte too many";
}

TEST(Shard, AFlippedBitIsNoticed) {
  const std::vector<Document> documents = {python("def f():\n    return 1\n"), python("y = 2\n")};
  const std::string file = packed(documents);
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    std::string flipped = file;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const Result<std::vector<Document>> back = unpacked(flipped);
    // A bit that zstd does not use (a reserved one) may change nothing; other text it may not give.
    if (back) EXPECT_EQ(*back, documents) << "bit " << bit;
    else EXPECT_EQ(back.error().code, ErrorCode::bad_data) << "bit " << bit;
  }
}

/// Overwrites a number of the header.
template <class T>
std::string with(std::string file, std::size_t at, T value) {
  std::memcpy(file.data() + at, &value, sizeof value);  // the test machine is little-endian
  return file;
}

TEST(Shard, LyingHeadersAreRefusedBeforeMemoryIsTaken) {
  const std::string file = packed({python("def f():\n    return 1\n"), python("y = 2\n")});
  const std::uint64_t huge = UINT64_MAX;
  const std::uint64_t large = 1ULL << 40;
  struct LieCase {
    const char* name;
    std::string file;
  };
  const LieCase cases[] = {
      {"magic", with(file, 0, std::uint32_t{0})},
      {"version", with(file, 8, std::uint32_t{2})},
      {"more documents", with(file, 12, std::uint32_t{3})},
      {"fewer documents", with(file, 12, std::uint32_t{1})},
      {"four billion documents", with(file, 12, UINT32_MAX)},
      {"more text", with(file, 16, std::uint64_t{29})},
      {"less text", with(file, 16, std::uint64_t{27})},
      {"a terabyte of text", with(file, 16, large)},
      {"text of 2^64 - 1", with(file, 16, huge)},
      {"packed text of 2^64 - 1", with(file, 24, huge)},
      {"an index of 2^64 - 1", with(file, 32, huge)},
      {"a packed index of 2^64 - 1", with(file, 40, huge)},
      {"parts that overflow to the right sum",
       with(with(file, 24, huge - 7), 40, std::uint64_t{file.size() - 48 + 8})},
  };
  for (const LieCase& c : cases) {
    const Result<std::vector<Document>> back = unpacked(c.file);
    ASSERT_FALSE(back) << c.name;
    EXPECT_EQ(back.error().code, ErrorCode::bad_data) << c.name;
  }
}

TEST(Shard, LimitsHold) {
  const std::string file = packed({python(std::string(1000, 'x')), python("y")});
  EXPECT_TRUE(unpacked(file, {.max_text_bytes = 1001}));
  EXPECT_FALSE(unpacked(file, {.max_text_bytes = 1000}));
  EXPECT_FALSE(unpacked(file, {.max_documents = 1}));
  EXPECT_FALSE(unpacked(file, {.max_index_bytes = 8}));
  EXPECT_FALSE(unpacked(file, {.max_document_bytes = 999}));
}

TEST(Shard, ADocumentThatNoShardMayHoldIsRefusedWhenPacking) {
  const Document cases[] = {
      python("caf\xe9"),
      python("\xed\xa0\x80"),
      {"python", "p", std::string(70'000, 'x'), "MIT", "x"},
      {"python", "p\xff", "x.py", "MIT", "x"},
      python(std::string((16 << 20) + 1, 'x')),
  };
  for (const Document& document : cases) {
    const Result<std::string> file = pack_shard(std::span(&document, 1), kFast);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::bad_argument);
  }
}

TEST(ZstdFrame, UnpacksToWhatItClaimsAndNoMore) {
  const std::string zeros(3 << 20, '\0');
  const Result<std::string> frame = pack_frame(zeros, kFast);
  ASSERT_TRUE(frame);
  EXPECT_LT(frame->size(), 2000u);
  EXPECT_EQ(unpack_frame(*frame, zeros.size(), "f"), zeros);
  EXPECT_EQ(unpack_frame(*frame, zeros.size() - 1, "f").error().code, ErrorCode::bad_data);
  EXPECT_EQ(unpack_frame(*frame, zeros.size() + 1, "f").error().code, ErrorCode::bad_data);
  EXPECT_EQ(unpack_frame(*frame, 0, "f").error().code, ErrorCode::bad_data);
  EXPECT_EQ(unpack_frame(*frame + *frame, zeros.size(), "f").error().code, ErrorCode::bad_data);
  EXPECT_EQ(unpack_frame("", 0, "f").error().code, ErrorCode::bad_data);
  EXPECT_EQ(unpack_frame("not zstd at all", 10, "f").error().code, ErrorCode::bad_data);
}

}  // namespace
}  // namespace inpaint::engine
