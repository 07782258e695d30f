#include "engine/weights/safetensors.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

// A file: the header's true length, the header, and data of the given size.
std::string file_of(const std::string& header, std::size_t data_bytes) {
  std::string file(8, '\0');
  for (std::size_t i = 0; i < 8; ++i)
    file[i] = static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return file + header + std::string(data_bytes, 'd');
}

std::string length_of(std::uint64_t length) {
  std::string first(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) first[i] = static_cast<char>((length >> (8 * i)) & 0xFF);
  return first;
}

TEST(Safetensors, ReadsAHeader) {
  std::string file =
      file_of(R"({"b": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [4, 16]},)"
              R"( "__metadata__": {"format": "pt"},)"
              R"( "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]},)"
              R"( "none": {"dtype": "I64", "shape": [0, 7], "data_offsets": [16, 16]}}   )",
              16);
  auto header = parse_safetensors_header(bytes_of(file), file.size());
  ASSERT_TRUE(header) << to_string(header.error());
  EXPECT_EQ(header->metadata, (std::map<std::string, std::string>{{"format", "pt"}}));
  EXPECT_EQ(header->data_begin, file.size() - 16);
  const std::vector<TensorEntry> expect = {{"a", DType::f32, {}, 0, 4},
                                           {"b", DType::bf16, {2, 3}, 4, 16},
                                           {"none", DType::i64, {0, 7}, 16, 16}};
  EXPECT_EQ(header->tensors, expect);
  EXPECT_EQ(header->tensors[0].elements(), 1);
  EXPECT_EQ(header->tensors[1].elements(), 6);
  EXPECT_EQ(header->tensors[2].elements(), 0);
}

TEST(Safetensors, RefusesHeadersThatLie) {
  auto tensor = [](const char* dtype, const char* shape, const char* offsets) {
    return std::string(R"({"a": {"dtype": )") + dtype + R"(, "shape": )" + shape +
           R"(, "data_offsets": )" + offsets + "}}";
  };
  auto two = [](const char* first, const char* second) {
    return std::string(R"({"a": {"dtype": "U8", "shape": [4], "data_offsets": )") + first +
           R"(}, "b": {"dtype": "U8", "shape": [4], "data_offsets": )" + second + "}}";
  };
  struct Case {
    const char* name;
    std::string file;
    const char* says;
  };
  const Case cases[] = {
      {"empty file", "", "0 bytes"},
      {"seven bytes", "1234567", "7 bytes"},
      {"no header", length_of(0), "begin with {"},
      {"header longer than the file", length_of(1 << 20) + "{}",
       "header of 1048576 bytes in a file of 10"},
      {"header over the limit", length_of(100'000'001) + "{}", "at most 100000000"},
      {"length of all ones", length_of(~std::uint64_t{0}) + "{}", "at most"},
      {"length that wraps", length_of(~std::uint64_t{0} - 7) + "{}", "at most"},
      {"not JSON", file_of("{nonsense", 0), "JSON"},
      {"white space first", file_of(" {}", 0), "begin with {"},
      {"a list", file_of("[]", 0), "begin with {"},
      {"text behind the object", file_of("{} {}", 0), "JSON"},
      {"bytes that are no UTF-8", file_of("{\"\xFF\": 1}", 0), "JSON"},
      {"deep nesting", file_of(R"({"a": )" + std::string(100'000, '['), 0), "deeper"},
      {"the same name twice",
       file_of(R"({"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},)"
               R"( "a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}})",
               1),
       "twice"},
      {"the same key twice", file_of(R"({"a": {"dtype": "U8", "dtype": "I8"}})", 0), "twice"},
      {"metadata is a list", file_of(R"({"__metadata__": []})", 0), "__metadata__"},
      {"metadata holds a number", file_of(R"({"__metadata__": {"a": 1}})", 0), "__metadata__"},
      {"a tensor that is a number", file_of(R"({"a": 1})", 0), "not an object"},
      {"no dtype", file_of(R"({"a": {"shape": [1], "data_offsets": [0, 1]}})", 1), "missing"},
      {"no shape", file_of(R"({"a": {"dtype": "U8", "data_offsets": [0, 1]}})", 1), "missing"},
      {"no offsets", file_of(R"({"a": {"dtype": "U8", "shape": [1]}})", 1), "missing"},
      {"a key too many",
       file_of(R"({"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1], "x": 1}})", 1),
       "unknown keys"},
      {"unknown dtype", file_of(tensor("\"F7\"", "[4]", "[0, 4]"), 4), "unknown dtype F7"},
      {"dtype in small letters", file_of(tensor("\"f32\"", "[1]", "[0, 4]"), 4), "unknown dtype"},
      {"dtype is a number", file_of(tensor("32", "[4]", "[0, 4]"), 4), "dtype"},
      {"shape is a number", file_of(tensor("\"U8\"", "4", "[0, 4]"), 4), "shape"},
      {"negative dimension", file_of(tensor("\"U8\"", "[-4]", "[0, 4]"), 4), "-4"},
      {"two negative dimensions", file_of(tensor("\"U8\"", "[-2, -2]", "[0, 4]"), 4), "-2"},
      {"broken dimension", file_of(tensor("\"U8\"", "[4.0]", "[0, 4]"), 4), "4.0"},
      {"dimension of 2^63", file_of(tensor("\"U8\"", "[9223372036854775808]", "[0, 4]"), 4),
       "count"},
      {"product overflows to 0", file_of(tensor("\"U8\"", "[4294967296, 4294967296]", "[0, 0]"), 0),
       "overflows"},
      {"product overflows to 4", file_of(tensor("\"F32\"", "[4611686018427387905]", "[0, 4]"), 4),
       "overflows"},
      {"overflow behind a zero",
       file_of(tensor("\"U8\"", "[0, 4294967296, 4294967296]", "[0, 0]"), 0), "overflows"},
      {"seventeen dimensions",
       file_of(tensor("\"U8\"", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "[0, 1]"), 1),
       "17 dimensions"},
      {"size is not that of the shape", file_of(tensor("\"F32\"", "[4]", "[0, 4]"), 4),
       "expected 16 bytes"},
      {"offsets backwards", file_of(tensor("\"U8\"", "[4]", "[4, 0]"), 4), "backwards"},
      {"one offset", file_of(tensor("\"U8\"", "[4]", "[0]"), 4), "[begin, end]"},
      {"three offsets", file_of(tensor("\"U8\"", "[4]", "[0, 4, 4]"), 4), "[begin, end]"},
      {"negative offset", file_of(tensor("\"U8\"", "[4]", "[-4, 0]"), 4), "[begin, end]"},
      {"offset as text", file_of(tensor("\"U8\"", "[4]", "[\"0\", 4]"), 4), "[begin, end]"},
      {"offsets near 2^64",
       file_of(tensor("\"U8\"", "[4]", "[18446744073709551611, 18446744073709551615]"), 4),
       "ends at"},
      {"truncated data", file_of(tensor("\"U8\"", "[4]", "[0, 4]"), 3), "truncated"},
      {"data too long", file_of(tensor("\"U8\"", "[4]", "[0, 4]"), 5), "end at byte 4 of 5"},
      {"data without tensors", file_of("{}", 5), "end at byte 0 of 5"},
      {"overlap", file_of(two("[0, 4]", "[2, 6]"), 6), "overlaps"},
      {"the same bytes twice", file_of(two("[0, 4]", "[0, 4]"), 4), "overlaps"},
      {"a hole between", file_of(two("[0, 4]", "[5, 9]"), 9), "hole"},
      {"a hole in front", file_of(two("[1, 5]", "[5, 9]"), 9), "hole"},
      {"an empty tensor inside of another",
       file_of(R"({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]},)"
               R"( "b": {"dtype": "U8", "shape": [0], "data_offsets": [2, 2]}})",
               4),
       "overlaps"},
      {"a name of 2,000 bytes",
       file_of(R"({")" + std::string(2000, 'n') +
                   R"(": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}})",
               1),
       "2000 bytes"},
  };
  for (const Case& c : cases) {
    auto header = parse_safetensors_header(bytes_of(c.file), c.file.size(), "m.safetensors");
    ASSERT_FALSE(header) << c.name;
    EXPECT_EQ(header.error().code, ErrorCode::bad_weights) << c.name;
    EXPECT_EQ(header.error().what, "m.safetensors") << c.name;
    EXPECT_NE(header.error().why.find(c.says), std::string::npos)
        << c.name << ": " << header.error().why;

    TemporaryFolder folder;  // and through the file, the same
    auto file = SafetensorsFile::open(folder.write("m.safetensors", c.file));
    ASSERT_FALSE(file) << c.name;
    EXPECT_EQ(file.error().code, ErrorCode::bad_weights) << c.name;
  }
}

TEST(Safetensors, EveryTruncationIsRefused) {
  std::string file =
      file_of(R"({"a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}})", 16);
  for (std::size_t size = 0; size < file.size(); ++size) {
    std::string cut = file.substr(0, size);
    EXPECT_FALSE(parse_safetensors_header(bytes_of(cut), cut.size())) << size;
  }
  EXPECT_TRUE(parse_safetensors_header(bytes_of(file), file.size()));
}

TEST(Safetensors, WhatIsWrittenComesBack) {
  TemporaryFolder folder;
  auto path = folder.path() / "m.safetensors";
  const std::vector<float> weights = {1.5F, -2.0F, 0.0F, 3.25F, 5.0F, 6.0F};
  const std::vector<std::uint8_t> packed = {1, 2, 3};
  const std::vector<std::int64_t> step = {1234567890123};
  std::vector<TensorToWrite> tensors = {
      {"packed", DType::u8, {3}, std::as_bytes(std::span(packed))},
      {"step", DType::i64, {}, std::as_bytes(std::span(step))},
      {"w", DType::f32, {2, 3}, std::as_bytes(std::span(weights))},
      {"empty", DType::f32, {0, 3}, {}},
  };
  const std::map<std::string, std::string> metadata = {{"format", "pt"}, {"note", "\u00e9\n\""}};
  auto written = write_safetensors(path, tensors, metadata);
  ASSERT_TRUE(written) << to_string(written.error());

  auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_EQ(file->metadata(), metadata);
  ASSERT_EQ(file->tensors().size(), tensors.size());
  for (const TensorToWrite& tensor : tensors) {
    const TensorEntry* entry = file->find(tensor.name);
    ASSERT_NE(entry, nullptr) << tensor.name;
    EXPECT_EQ(entry->dtype, tensor.dtype);
    EXPECT_EQ(entry->shape, tensor.shape);
    EXPECT_EQ(entry->begin % size_of(entry->dtype), 0U) << "not aligned: " << tensor.name;
    std::vector<std::byte> data(entry->bytes());
    ASSERT_TRUE(file->read(*entry, data));
    EXPECT_TRUE(std::ranges::equal(data, tensor.data)) << tensor.name;
  }
  EXPECT_EQ(file->find("missing"), nullptr);
  EXPECT_EQ(file->find(""), nullptr);
}

TEST(Safetensors, AFileWithoutTensorsIsOne) {
  TemporaryFolder folder;
  ASSERT_TRUE(write_safetensors(folder.path() / "m", {}, {}));
  auto file = SafetensorsFile::open(folder.path() / "m");
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_TRUE(file->tensors().empty());
}

TEST(Safetensors, ATruncationWhileOpenIsAnError) {
  TemporaryFolder folder;
  std::string header = R"({"a": {"dtype": "U8", "shape": [100000], "data_offsets": [0, 100000]}})";
  auto path = folder.write("m.safetensors", file_of(header, 100'000));
  auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file);
  std::filesystem::resize_file(path, 5000);
  std::vector<std::byte> data(100'000);
  auto read = file->read(*file->find("a"), data);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::bad_weights);
  EXPECT_NE(read.error().why.find("cut while in use"), std::string::npos);
}

TEST(Safetensors, ReadWantsRoomOfTheRightSize) {
  TemporaryFolder folder;
  std::string header = R"({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}})";
  auto file = SafetensorsFile::open(folder.write("m", file_of(header, 4)));
  ASSERT_TRUE(file);
  std::vector<std::byte> small(3);
  auto read = file->read(file->tensors()[0], small);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::bad_argument);
}

TEST(Safetensors, OpenSaysWhatIsMissing) {
  TemporaryFolder folder;
  EXPECT_EQ(SafetensorsFile::open(folder.path() / "none").error().code, ErrorCode::file_not_found);
  EXPECT_EQ(SafetensorsFile::open(folder.path()).error().code, ErrorCode::io_failed);
}

TEST(Safetensors, WritingRefusesWhatNobodyCouldRead) {
  TemporaryFolder folder;
  auto path = folder.path() / "m.safetensors";
  const std::string four = "four";
  auto data = bytes_of(four);
  const std::pair<const char*, std::vector<TensorToWrite>> cases[] = {
      {"wrong size", {{"a", DType::f32, {2}, data}}},
      {"negative dimension", {{"a", DType::f32, {-1}, data}}},
      {"overflow", {{"a", DType::u8, {std::int64_t{1} << 40, std::int64_t{1} << 40}, data}}},
      {"the same name twice", {{"a", DType::f32, {1}, data}, {"a", DType::f32, {1}, data}}},
      {"the name of the metadata", {{"__metadata__", DType::f32, {1}, data}}},
      {"a name that is no UTF-8", {{"\xFF", DType::f32, {1}, data}}},
      {"a long name", {{std::string(5000, 'n'), DType::f32, {1}, data}}},
  };
  for (const auto& [name, tensors] : cases) {
    auto written = write_safetensors(path, tensors, {});
    ASSERT_FALSE(written) << name;
    EXPECT_EQ(written.error().code, ErrorCode::bad_argument) << name;
    EXPECT_TRUE(folder.names().empty()) << name;
  }
}

TEST(Safetensors, DTypesHaveNamesAndSizes) {
  for (auto [name, bytes] : {std::pair("BOOL", 1),
                             {"U8", 1},
                             {"I8", 1},
                             {"F8_E5M2", 1},
                             {"F8_E4M3", 1},
                             {"I16", 2},
                             {"U16", 2},
                             {"F16", 2},
                             {"BF16", 2},
                             {"I32", 4},
                             {"U32", 4},
                             {"F32", 4},
                             {"I64", 8},
                             {"U64", 8},
                             {"F64", 8}}) {
    auto dtype = dtype_from_name(name);
    ASSERT_TRUE(dtype) << name;
    EXPECT_EQ(to_string(*dtype), name);
    EXPECT_EQ(size_of(*dtype), static_cast<std::size_t>(bytes)) << name;
  }
}

// Written by the safetensors library of the reference.
TEST(Safetensors, ReadsFilesOfTheReference) {
  auto file = SafetensorsFile::open(std::filesystem::path(tests::source_folder()) /
                                    "tests/golden/engine/tiny_qwen3/model.safetensors");
  ASSERT_TRUE(file) << to_string(file.error());
  const TensorEntry* entry = file->find("model.embed_tokens.weight");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->shape.size(), 2U);
  std::vector<std::byte> data(entry->bytes());
  EXPECT_TRUE(file->read(*entry, data));
}

}  // namespace
}  // namespace inpaint::engine
