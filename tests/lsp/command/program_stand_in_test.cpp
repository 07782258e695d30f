// Which models another one stands in for while they are read.
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "lsp/command/program.h"
#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

struct StandInCase {
  const char* name;
  const char* model;
  bool has_embedded;
  const char* expect;  // which model is opened
};

const StandInCase kCases[] = {
    {"for a file of published weights", "big.gguf", true, "the embedded one, on cuda"},
    {"for a folder of published weights", "qwen", true, "the embedded one, on cuda"},
    {"none for the embedded model itself", "mini", true, "none"},
    {"none for a model of the same family", "own", true, "none"},
    {"none for one that is not there", "absent", true, "none"},
    {"none where no model comes along", "big.gguf", false, "mini: is not here"},
};

TEST(StandInOfAModel, Cases) {
  const test::TemporaryFolder folder;
  folder.write("big.gguf", "GGUF");
  for (const auto& [name, family] :
       {std::pair("qwen", "qwen2"), {"mini", "inpaint_mini"}, {"own", "inpaint_mini"}}) {
    std::filesystem::create_directory(folder.path() / name);
    folder.write(std::string(name) + "/config.json",
                 std::string(R"({"model_type": ")") + family + "\"}");
  }
  for (const StandInCase& c : kCases) {
    SCOPED_TRACE(c.name);
    std::ostringstream out;
    std::string opened = "none";
    Program program{.out = out, .err = out, .out_screen = {}, .err_screen = {}};
    program.find_model =
        [&](const std::optional<std::string>& named) -> engine::Result<engine::FoundModel> {
      const auto path = folder.path() / *named;
      if (std::filesystem::exists(path)) return engine::FoundModel{.path = path};
      return engine::failure(engine::ErrorCode::file_not_found, "model", "is not here");
    };
    program.embedded_model = [&]() -> engine::Result<std::filesystem::path> {
      if (c.has_embedded) return folder.path() / "mini";
      return engine::failure(engine::ErrorCode::file_not_found, "mini", "is not here");
    };
    program.open_engine = [&](const engine::EngineOptions& options) {
      opened = options.model == folder.path() / "mini" ? "the embedded one" : options.model;
      if (options.device == engine::Device::cuda) opened += ", on cuda";
      return std::make_unique<test::FakeEngine>(test::Script{}, std::make_shared<test::Asked>());
    };
    const auto stand_in =
        program.open_stand_in({.folder = c.model, .device = engine::Device::cuda});
    EXPECT_EQ(stand_in ? opened : engine::to_string(stand_in.error()), c.expect);
    if (stand_in) {
      EXPECT_EQ(*stand_in != nullptr, opened != "none");
    }
  }
}

}  // namespace
}  // namespace inpaint::lsp
