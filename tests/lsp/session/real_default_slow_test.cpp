// The real program where the default model's file is damaged: who chose nothing goes on with the model
// that ships, and is told why once; who chose that model by name is told, and gets no other one.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lsp/models/catalogue.h"
#include "tests/lsp/command/run_binary.h"
#include "tests/lsp/session/served_binary.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using test::ServedBinary;

const std::string kUri = "file:///w/a.py";

class RealDefault : public testing::Test {
 protected:
  /// The default's file has its size, and holes of the file system in the place of all else.
  void SetUp() override {
    const auto folder = catalogue_folder({});
    ASSERT_TRUE(folder);
    const auto catalogue = Catalogue::load(*folder / kCatalogueFile);
    ASSERT_TRUE(catalogue && catalogue->default_model() != nullptr);
    name_ = catalogue->default_model()->name;
    fs::create_directories(folder_.path() / "data/inpaint/models");
    const std::string file =
        folder_.write("data/inpaint/models/" + catalogue->default_model()->file, "GGUF");
    fs::resize_file(file, catalogue->default_model()->bytes);
  }
  std::vector<std::string> environment() const {
    const std::string root = folder_.path().string();
    return {"XDG_DATA_HOME=" + root + "/data", "XDG_CONFIG_HOME=" + root + "/config"};
  }
  /// The messages that a server of this environment shows, having answered three times.
  static std::vector<Json> shown_by(ServedBinary& server, std::size_t n_items) {
    server.initialize();
    server.notify("workspace/didChangeConfiguration", {{"settings", {{"gate", false}}}});
    server.open(kUri, "count = 1\ntotal = \n");
    for (int i = 0; i < 3; ++i) {
      const Json answer = server.answer(server.request(
          "textDocument/inlineCompletion", {{"textDocument", {{"uri", kUri}}},
                                            {"position", {{"line", 1}, {"character", 8}}},
                                            {"context", {{"triggerKind", 1}}}}));
      EXPECT_EQ(std::min<std::size_t>(answer["result"]["items"].size(), 1), n_items) << answer;
    }
    server.answer(server.request("shutdown", nullptr));
    std::vector<Json> messages;
    for (const Json& message : server.others)
      if (message.value("method", "") == "window/showMessage")
        messages.push_back(message["params"]);
    return messages;
  }

  test::TemporaryFolder folder_;
  std::string name_;
};

TEST_F(RealDefault, ThatIsDamagedLeavesTheServerWithMiniAndIsSaidOnce) {
  ServedBinary server({"serve"}, environment());
  const std::vector<Json> messages = shown_by(server, 1);
  ASSERT_EQ(messages.size(), 1U) << server.errors();
  EXPECT_EQ(messages[0]["type"], 1);
  const std::string text = messages[0]["message"];
  EXPECT_TRUE(text.starts_with("Inpaint: the default model " + name_ + ": ")) << text;
  EXPECT_TRUE(text.ends_with("the embedded model completes")) << text;
}

TEST_F(RealDefault, ThatIsDamagedAndWasChosenIsSaidOnceAsWell) {
  ASSERT_EQ(test::run({"models", "use", name_}, environment()).exit_code, 0);
  ServedBinary server({"serve"}, environment());
  const std::vector<Json> messages = shown_by(server, 1);
  ASSERT_EQ(messages.size(), 1U) << server.errors();
  EXPECT_EQ(messages[0]["type"], 1);
  ASSERT_EQ(test::run({"models", "use", "mini"}, environment()).exit_code, 0);
  ServedBinary back({"serve"}, environment());
  EXPECT_EQ(shown_by(back, 1), std::vector<Json>());
}

}  // namespace
}  // namespace inpaint::lsp
