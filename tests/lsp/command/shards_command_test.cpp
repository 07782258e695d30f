#include "lsp/command/shards_command.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using test::Machine;
using test::Outcome;

/// A folder of source files, each unlike the others.
fs::path sources(const Machine& machine) {
  const fs::path folder = machine.folder.path() / "code";
  fs::create_directories(folder);
  for (int i = 0; i < 12; ++i) {
    std::ofstream file(folder / ("module" + std::to_string(i) + ".py"));
    for (int line = 0; line < 40; ++line)
      file << "def function_" << i << "_" << line << "(x):\n    return x * " << line + i * 97
           << "\n";
  }
  return folder;
}

TEST(Shards, ArePackedAndFoundGood) {
  Machine machine;
  const std::string out = (machine.folder.path() / "shards").string();
  const Outcome packed =
      machine.run({"shards", "pack", "--from", sources(machine).string(), "--out", out});
  ASSERT_EQ(packed.exit_code, 0) << packed.err;
  EXPECT_NE(packed.out.find("train-0000.shard"), std::string::npos) << packed.out;
  const Outcome checked = machine.run({"shards", "verify", out});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_NE(checked.out.find("python"), std::string::npos) << checked.out;
}

TEST(Shards, ThatAreDamagedAreNamed) {
  Machine machine;
  const fs::path out = machine.folder.path() / "shards";
  ASSERT_EQ(
      machine.run({"shards", "pack", "--from", sources(machine).string(), "--out", out.string()})
          .exit_code,
      0);
  const fs::path shard = out / "train-0000.shard";
  fs::resize_file(shard, fs::file_size(shard) - 5);
  const Outcome checked = machine.run({"shards", "verify", out.string()});
  EXPECT_EQ(checked.exit_code, 1);
  EXPECT_NE(checked.err.find("train-0000.shard"), std::string::npos) << checked.err;
  EXPECT_NE(checked.err.find("inpaint shards pack"), std::string::npos) << checked.err;
}

TEST(Shards, FailWhereThereIsNothing) {
  Machine machine;
  const std::string absent = (machine.folder.path() / "absent").string();
  EXPECT_EQ(machine.run({"shards", "verify", absent}).exit_code, 1);
  EXPECT_EQ(machine.run({"shards", "pack", "--from", absent, "--out", absent}).exit_code, 1);
}

TEST(Shards, AreUsedWrongly) {
  Machine machine;
  EXPECT_EQ(machine.run({"shards"}).exit_code, 2);
  EXPECT_EQ(machine.run({"shards", "pack", "--from", "x"}).exit_code, 2);
  EXPECT_EQ(
      machine.run({"shards", "pack", "--from", "x", "--out", "y", "--shard-mib", "0"}).exit_code,
      2);
  EXPECT_EQ(machine.run({"shards", "unpack"}).exit_code, 2);
}

}  // namespace
}  // namespace inpaint::lsp
