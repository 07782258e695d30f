#include "engine/weights/gguf_file.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"
#include "tests/engine/weights/gguf_bytes.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

TEST(GgufFile, TensorsComeBackAsTheyWereWritten) {
  TemporaryFolder folder;
  GgufBytes bytes;
  bytes.text("general.name", "small");
  bytes.tensor("b", {2, 3}, 2.0F).tensor({"a", {1, 32}, 8, std::string(34, '\x11'), {}});
  const auto file = GgufFile::open(folder.write("m.gguf", bytes.bytes()));
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_EQ(file->metadata().text("general.name"), "small");
  ASSERT_EQ(file->tensors().size(), 2U);
  EXPECT_EQ(file->find("c"), nullptr);

  std::vector<float> b(6);
  ASSERT_TRUE(file->read(*file->find("b"), std::as_writable_bytes(std::span(b))));
  EXPECT_EQ(b, std::vector<float>(6, 2.0F));
  std::vector<std::byte> a(34);
  ASSERT_TRUE(file->read(*file->find("a"), a));
  EXPECT_EQ(a, std::vector<std::byte>(34, std::byte{0x11}));
}

TEST(GgufFile, OpenSaysWhatIsMissing) {
  TemporaryFolder folder;
  EXPECT_EQ(GgufFile::open(folder.path() / "none").error().code, ErrorCode::file_not_found);
  EXPECT_EQ(GgufFile::open(folder.path()).error().code, ErrorCode::io_failed);
}

TEST(GgufFile, AFileThatIsStillBeingFetchedSaysHowMuchIsThere) {
  TemporaryFolder folder;
  const std::string whole = GgufBytes().tensor("w", {1000}, 1.0F).bytes();
  const auto path = folder.write("m.gguf", whole.substr(0, 1096));
  const auto file = GgufFile::open(path);
  ASSERT_FALSE(file);
  EXPECT_EQ(to_string(file.error()),
            path.string() +
                ": 1096 of 4064 bytes are there: wait for the download to end, or fetch "
                "the file again");
}

TEST(GgufFile, ATruncationWhileOpenIsAnError) {
  TemporaryFolder folder;
  const auto path = folder.write("m.gguf", GgufBytes().tensor("w", {1000}, 1.0F).bytes());
  const auto file = GgufFile::open(path);
  ASSERT_TRUE(file) << to_string(file.error());
  const GgufTensor& tensor = *file->find("w");
  std::filesystem::resize_file(path, tensor.offset + 100);
  std::vector<std::byte> data(4000);
  const auto read = file->read(tensor, data);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::bad_weights);
  EXPECT_EQ(read.error().why,
            "tensor w: the file was cut while it was open, 100 of 4000 bytes are left");
}

TEST(GgufFile, ReadWantsRoomOfTheRightSize) {
  TemporaryFolder folder;
  const auto file = GgufFile::open(folder.write("m", GgufBytes().tensor("w", {2}, 1.0F).bytes()));
  ASSERT_TRUE(file);
  std::vector<std::byte> small(7);
  EXPECT_EQ(file->read(*file->find("w"), small).error().code, ErrorCode::bad_argument);
}

// Written by the package `gguf` of the reference.
TEST(GgufFile, ReadsFilesOfTheReference) {
  const auto file = GgufFile::open(std::filesystem::path(tests::source_folder()) /
                                   "tests/golden/pretrained/qwen2_quantised.gguf");
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_EQ(file->metadata().text("general.architecture"), "qwen2");
  EXPECT_EQ(file->metadata().texts("tokenizer.ggml.tokens")->size(), 288U);
  for (const GgufTensor& tensor : file->tensors()) {
    std::vector<std::byte> data(tensor.bytes);
    EXPECT_TRUE(file->read(tensor, data)) << tensor.name;
  }
}

}  // namespace
}  // namespace inpaint::engine
