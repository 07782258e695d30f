#include "tests/house/include_rules.h"

#include <gtest/gtest.h>

namespace inpaint::house {
namespace {

/// A file of the smallest house in which every other name resolves.
Files house_with(std::string path, std::string text) {
  Files files = {
      {"grammar/base/ascii.h", "#pragma once\n"},
      {"grammar/base/byte_range.h", "#pragma once\n"},
      {"grammar/check/constraint.h", "#pragma once\n#include \"grammar/base/byte_range.h\"\n"},
      {"grammar/hole/hole_picker.h", "#pragma once\n"},
      {"engine/engine.h", "#pragma once\n#include \"grammar/check/constraint.h\"\n"},
      {"engine/model/tensors.h", "#pragma once\n#include <ATen/ATen.h>\n"},
      {"engine/model/layers.h", "#pragma once\n#include \"engine/model/tensors.h\"\n"},
      {"lsp/completion/completer.h", "#pragma once\n#include \"engine/engine.h\"\n"},
  };
  files[std::move(path)] = std::move(text);
  return files;
}

struct IncludeCase {
  const char* name;
  const char* path;
  const char* text;
};

const IncludeCase kAllowed[] = {
    {"lsp sees engine", "lsp/a.cpp", "#include \"engine/engine.h\"\n"},
    {"lsp sees grammar", "lsp/a.cpp", "#include \"grammar/hole/hole_picker.h\"\n"},
    {"lsp sees json and asio", "lsp/a.cpp",
     "#include <nlohmann/json.hpp>\n#include <boost/asio.hpp>\n"},
    {"engine sees the constraint", "engine/a.cpp", "#include \"grammar/check/constraint.h\"\n"},
    {"engine sees the case of letters", "engine/a.cpp", "#include \"grammar/base/ascii.h\"\n"},
    {"engine sees json", "engine/weights/a.cpp", "#include <nlohmann/json.hpp>\n"},
    {"training sees the hole picker", "engine/training/corpus/a.cpp",
     "#include \"grammar/hole/hole_picker.h\"\n"},
    {"the model sees torch", "engine/model/a.cpp", "#include <ATen/ATen.h>\n"},
    {"the trainer sees torch through a header", "engine/training/a.cpp",
     "#include \"engine/model/layers.h\"\n"},
    {"grammar sees tree-sitter and std", "grammar/a.cpp",
     "#include <vector>\n#include <tree_sitter/api.h>\n"},
    {"a kernel sees its own header", "engine/cuda/a.cu",
     "#include \"grammar/base/byte_range.h\"\n"},
    {"an include in a comment is none", "grammar/a.cpp", "// #include <torch/torch.h>\n"},
};

TEST(IncludeRules, AllowWhatPointsDown) {
  for (const IncludeCase& c : kAllowed)
    EXPECT_EQ(to_string(include_violations(house_with(c.path, c.text))), "") << c.name;
}

const IncludeCase kForbidden[] = {
    {"grammar sees engine", "grammar/a.cpp", "#include \"engine/engine.h\"\n"},
    {"grammar sees lsp", "grammar/a.cpp", "#include \"lsp/completion/completer.h\"\n"},
    {"grammar sees torch", "grammar/a.cpp", "#include <torch/torch.h>\n"},
    {"grammar sees json", "grammar/a.cpp", "#include <nlohmann/json.hpp>\n"},
    {"grammar sees asio", "grammar/a.cpp", "#include <boost/asio.hpp>\n"},
    {"grammar sees a C header", "grammar/a.cpp", "#include <unistd.h>\n"},
    {"engine sees lsp", "engine/a.cpp", "#include \"lsp/completion/completer.h\"\n"},
    {"engine sees asio", "engine/a.cpp", "#include <boost/asio/ip/tcp.hpp>\n"},
    {"engine sees tree-sitter", "engine/a.cpp", "#include <tree_sitter/api.h>\n"},
    {"engine sees the hole picker", "engine/decoding/a.cpp",
     "#include \"grammar/hole/hole_picker.h\"\n"},
    {"the tokenizer sees torch", "engine/tokenizer/a.cpp", "#include <ATen/ATen.h>\n"},
    {"the corpus sees torch", "engine/training/corpus/a.cpp", "#include <c10/core/Device.h>\n"},
    {"a public header brings torch", "engine/a.h", "#pragma once\n#include <torch/torch.h>\n"},
    {"decoding sees torch through two headers", "engine/decoding/a.cpp",
     "#include \"engine/model/layers.h\"\n"},
    {"lsp sees torch", "lsp/a.cpp", "#include <torch/torch.h>\n"},
    {"lsp sees torch through a header", "lsp/a.cpp", "#include \"engine/model/layers.h\"\n"},
    {"kernels see torch", "engine/kernels/a.cpp", "#include <ATen/ATen.h>\n"},
    {"the prompt sees torch", "engine/prompt/a.cpp", "#include <torch/torch.h>\n"},
    {"a kernel sees torch", "engine/model/a.cu", "#include <ATen/ATen.h>\n"},
    {"a kernel sees torch through a header", "engine/model/a.cu",
     "#include \"engine/model/layers.h\"\n"},
    {"a relative include", "engine/model/a.cpp", "#include \"layers.h\"\n"},
    {"an include of a test", "engine/a.cpp", "#include \"tests/house/source_tree.h\"\n"},
    {"ours in angles", "lsp/a.cpp", "#include <engine/engine.h>\n"},
    {"a file that is not there", "lsp/a.cpp", "#include \"engine/nowhere.h\"\n"},
    {"blanks around the sign", "grammar/a.cpp", "  #  include   <torch/torch.h>\n"},
    {"behind a condition", "grammar/a.cpp", "#ifdef A\n#include <torch/torch.h>\n#endif\n"},
    {"a header without #pragma once", "lsp/a.h", "struct A {};\n"},
};

TEST(IncludeRules, ForbidWhatPointsUp) {
  for (const IncludeCase& c : kForbidden) {
    const auto violations = include_violations(house_with(c.path, c.text));
    ASSERT_FALSE(violations.empty()) << c.name;
    for (const Violation& v : violations) EXPECT_EQ(v.path, c.path) << c.name << ": " << v.text;
  }
}

TEST(IncludeRules, ReportTheLine) {
  const auto violations =
      include_violations(house_with("grammar/a.cpp", "#include <vector>\n\n#include <ATen/A.h>\n"));
  ASSERT_FALSE(violations.empty());
  EXPECT_EQ(violations.front().line, 3);
}

TEST(IncludeRules, ForbidACircleOfRooms) {
  const Files files = {
      {"lsp/a/one.h", "#pragma once\n#include \"lsp/b/two.h\"\n"},
      {"lsp/b/two.h", "#pragma once\n#include \"lsp/c/three.h\"\n"},
      {"lsp/c/three.h", "#pragma once\n"},
      {"lsp/c/four.cpp", "#include \"lsp/c/three.h\"\n\n#include \"lsp/a/one.h\"\n"},
  };
  const auto violations = include_violations(files);
  ASSERT_EQ(violations.size(), 3U) << to_string(violations);
  EXPECT_EQ(violations[0].path, "lsp/a/one.h");
  EXPECT_EQ(violations[1].path, "lsp/b/two.h");
  EXPECT_EQ(violations[2].path, "lsp/c/four.cpp");
  EXPECT_EQ(violations[2].line, 3);
}

TEST(House, EveryIncludePointsDown) {
  const Files files = read_source_tree({"grammar", "engine", "lsp"});
  ASSERT_TRUE(files.contains("grammar/base/byte_range.h"));
  EXPECT_EQ(to_string(include_violations(files)), "");
}

}  // namespace
}  // namespace inpaint::house
