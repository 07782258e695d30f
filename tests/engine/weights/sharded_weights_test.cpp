#include "engine/weights/sharded_weights.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

// A file whose tensors hold one byte each, the last letter of their name.
void write_shard(const TemporaryFolder& folder, const std::string& file,
                 const std::vector<std::string>& names) {
  std::vector<TensorToWrite> tensors;
  for (const std::string& name : names) {
    tensors.push_back({name, DType::u8, {1}, std::as_bytes(std::span(&name.back(), 1))});
  }
  ASSERT_TRUE(write_safetensors(folder.path() / file, tensors, {}));
}

constexpr const char* kIndex = "model.safetensors.index.json";

TEST(ShardedWeights, OneFileNeedsNoIndex) {
  TemporaryFolder folder;
  write_shard(folder, "model.safetensors", {"a", "b"});
  folder.write("config.json", "{}");
  auto weights = ShardedWeights::open(folder.path());
  ASSERT_TRUE(weights) << to_string(weights.error());
  EXPECT_EQ(weights->names(), (std::vector<std::string>{"a", "b"}));
  ASSERT_TRUE(weights->find("b"));
  EXPECT_EQ(weights->find("b")->entry->name, "b");
  EXPECT_EQ(weights->find("c"), std::nullopt);
}

TEST(ShardedWeights, AnIndexSpreadsTensorsOverFiles) {
  TemporaryFolder folder;
  write_shard(folder, "m-1.safetensors", {"a", "b"});
  write_shard(folder, "m-2.safetensors", {"c"});
  folder.write("other.safetensors", "not looked at");
  folder.write(kIndex, R"({"metadata": {"total_size": 3}, "weight_map":
      {"a": "m-1.safetensors", "b": "m-1.safetensors", "c": "m-2.safetensors"}})");
  auto weights = ShardedWeights::open(folder.path());
  ASSERT_TRUE(weights) << to_string(weights.error());
  EXPECT_EQ(weights->files().size(), 2U);
  for (const std::string name : {"a", "b", "c"}) {
    std::byte value{};
    ASSERT_TRUE(weights->read(name, std::span(&value, 1))) << name;
    EXPECT_EQ(static_cast<char>(value), name.back());
  }
  std::byte value{};
  EXPECT_EQ(weights->read("d", std::span(&value, 1)).error().code, ErrorCode::bad_weights);
  ShardedWeights copy = *weights;  // shares the files
  EXPECT_TRUE(copy.read("c", std::span(&value, 1)));
}

TEST(ShardedWeights, AnIndexMayNotLeadOutOfItsFolder) {
  for (const char* file : {"../m.safetensors", "/etc/passwd", "/tmp/m.safetensors",
                           "sub/m.safetensors", "..", ".safetensors", ".hidden.safetensors",
                           "m.bin", "", "a\\\\..\\\\m.safetensors", "m\\u0000.safetensors"}) {
    auto map =
        parse_weight_index(std::string(R"({"weight_map": {"a": ")") + file + "\"}}", "i.json");
    ASSERT_FALSE(map) << file;
    EXPECT_EQ(map.error().code, ErrorCode::bad_weights) << file;
    EXPECT_NE(map.error().why.find("of this folder"), std::string::npos) << map.error().why;
  }
}

TEST(ShardedWeights, RefusesAnIndexThatLies) {
  struct Case {
    const char* name;
    std::string index;
    const char* says;
    ErrorCode code = ErrorCode::bad_weights;
  };
  const Case cases[] = {
      {"not JSON", "{", "JSON"},
      {"a list", "[]", "object"},
      {"no map", "{}", "weight_map"},
      {"an empty map", R"({"weight_map": {}})", "empty"},
      {"a number for a file", R"({"weight_map": {"a": 1}})", "of this folder"},
      {"a tensor twice", R"({"weight_map": {"a": "m.safetensors", "a": "m.safetensors"}})",
       "twice"},
      {"a tensor that is not there", R"({"weight_map": {"z": "m.safetensors"}})", "tensor z"},
      {"a tensor that is in the file only", R"({"weight_map": {"a": "m.safetensors"}})",
       "tensor b"},
      {"a file that is not there", R"({"weight_map": {"a": "n.safetensors"}})", "no such file",
       ErrorCode::file_not_found},
  };
  for (const Case& c : cases) {
    TemporaryFolder folder;
    write_shard(folder, "m.safetensors", {"a", "b"});
    folder.write(kIndex, c.index);
    auto weights = ShardedWeights::open(folder.path());
    ASSERT_FALSE(weights) << c.name;
    EXPECT_EQ(weights.error().code, c.code) << c.name;
    EXPECT_NE(weights.error().why.find(c.says), std::string::npos) << weights.error().why;
  }
}

TEST(ShardedWeights, ATensorInTwoFilesIsRefused) {
  TemporaryFolder folder;
  write_shard(folder, "m-1.safetensors", {"a"});
  write_shard(folder, "m-2.safetensors", {"a", "b"});
  folder.write(kIndex, R"({"weight_map": {"a": "m-1.safetensors", "b": "m-2.safetensors"}})");
  auto weights = ShardedWeights::open(folder.path());
  ASSERT_FALSE(weights);
  EXPECT_EQ(weights.error().code, ErrorCode::bad_weights);
}

TEST(ShardedWeights, SaysWhatAFolderLacks) {
  TemporaryFolder folder;
  EXPECT_EQ(ShardedWeights::open(folder.path()).error().code, ErrorCode::file_not_found);
  EXPECT_EQ(ShardedWeights::open(folder.path() / "none").error().code, ErrorCode::file_not_found);
  write_shard(folder, "a.safetensors", {"a"});
  write_shard(folder, "b.safetensors", {"b"});
  auto weights = ShardedWeights::open(folder.path());
  ASSERT_FALSE(weights);
  EXPECT_EQ(weights.error().code, ErrorCode::bad_weights);
  EXPECT_NE(weights.error().why.find("2 *.safetensors"), std::string::npos);
}

}  // namespace
}  // namespace inpaint::engine
