// `inpaint models` as a person uses it: the program, a catalogue and a server of the test.
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/lsp/command/run_binary.h"
#include "tests/lsp/download/file_server.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::FileServer;
using test::TemporaryFolder;

class Models : public testing::Test {
 protected:
  void write_catalogue(const std::string& path, bool permissive = true, bool is_default = false) {
    const json model = {{"name", "small"},
                        {"title", "A small model"},
                        {"publisher", "Somebody"},
                        {"revision", "1"},
                        {"address", server_.address(path)},
                        {"file", "small-q4.gguf"},
                        {"bytes", server_.bytes},
                        {"sha256", server_.sha256},
                        {"licence", permissive ? "MIT" : "Research only"},
                        {"permissive", permissive},
                        {"languages", {"python"}}};
    json catalogue = {{"models", {model}}};
    if (is_default) catalogue["default"] = "small";
    catalogue_ = folder_.write("catalogue.json", catalogue.dump());
  }
  test::Outcome models(std::vector<std::string> words, const std::string& shell = "") {
    words.insert(words.begin(), "models");
    words.insert(words.end(), {"--catalogue", catalogue_});
    return test::run(words, {"HOME=" + home_.string(), "PATH=/usr/bin:/bin"}, nullptr, shell);
  }

  FileServer server_;
  TemporaryFolder folder_;
  fs::path home_ = folder_.path() / "home";
  fs::path kept_ = home_ / ".local/share/inpaint/models/small-q4.gguf";
  fs::path part_ = kept_.string() + ".part";
  std::string catalogue_;
};

TEST_F(Models, AreFetchedListedUsedAndRemoved) {
  write_catalogue("/file");
  test::Outcome outcome = models({"get", "small"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "small is here: " + kept_.string() +
                             "\nto use it everywhere: inpaint models use small\n");
  EXPECT_NE(outcome.err.find("A small model: 0 MB, MIT, from http://127.0.0.1:"),
            std::string::npos);
  EXPECT_NE(outcome.err.find("100 %"), std::string::npos) << outcome.err;
  EXPECT_EQ(fs::file_size(kept_), server_.bytes);

  EXPECT_EQ(models({"get", "small"}).out, "small is here already: " + kept_.string() +
                                              "\nto use it everywhere: inpaint models use small\n");
  EXPECT_EQ(models({"use", "small"}).exit_code, 0);
  EXPECT_EQ(models({"get", "small"}).out,
            "small is here already: " + kept_.string() +
                "\nit is used wherever --model and INPAINT_MODEL name none\n");
  json list = json::parse(models({"list", "--json"}).out);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0]["name"], "mini");
  EXPECT_EQ(list[0]["used"], false);
  EXPECT_EQ(list[1]["name"], "small");
  EXPECT_EQ(list[1]["path"], kept_.string());
  EXPECT_EQ(list[1]["used"], true);

  outcome = models({"remove", "small"});
  EXPECT_EQ(outcome.out, "removed " + kept_.string() + "\nmini is used now\n");
  list = json::parse(models({"list", "--json"}).out);
  EXPECT_TRUE(list[1]["path"].is_null());
  EXPECT_EQ(list[0]["used"], true);
}

TEST_F(Models, TheDefaultIsUsedFromWhenItWasFetched) {
  write_catalogue("/file", /*permissive=*/true, /*is_default=*/true);
  EXPECT_NE(models({"list"}).out.find("* mini"), std::string::npos);
  EXPECT_EQ(models({"get", "small"}).out,
            "small is here: " + kept_.string() +
                "\nit is used wherever --model and INPAINT_MODEL name none\n");
  EXPECT_NE(models({"list"}).out.find("* small"), std::string::npos);
  EXPECT_EQ(models({"use", "mini"}).exit_code, 0);
  EXPECT_TRUE(
      models({"get", "small"}).out.ends_with("\nto use it everywhere: inpaint models use small\n"));
}

TEST_F(Models, AskForAYesWhereTheLicenceLimits) {
  write_catalogue("/file", /*permissive=*/false);
  const test::Outcome refused = models({"get", "small"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("its licence is Research only"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(kept_));
  EXPECT_EQ(models({"get", "small", "--yes"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(kept_));
}

TEST_F(Models, GoOnBehindADiskThatWasFull) {
  write_catalogue("/file");
  const test::Outcome full = models({"get", "small"}, "ulimit -f 100");  // blocks of 512 bytes
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_NE(full.err.find("cannot write, File too large"), std::string::npos) << full.err;
  EXPECT_NE(full.err.find("it goes on from what is there"), std::string::npos) << full.err;
  EXPECT_FALSE(fs::exists(kept_));
  const auto there = fs::file_size(part_);
  EXPECT_GT(there, 0U);
  EXPECT_EQ(server_.next_request(), "/file -");
  EXPECT_EQ(models({"get", "small"}).exit_code, 0);
  EXPECT_EQ(server_.next_request(), "/file bytes=" + std::to_string(there) + "-");
}

TEST_F(Models, KeepWhatHasComeBeforeCtrlC) {
  write_catalogue("/held");
  // A second process sends the signal once the part has content.
  const test::Outcome stopped =
      models({"get", "small"}, "me=$$; (until [ -s '" + part_.string() +
                                   "' ]; do sleep 0.1; done; kill -INT $me) >/dev/null 2>&1 &");
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_NE(stopped.err.find("goes on from what is there"), std::string::npos) << stopped.err;
  EXPECT_GT(fs::file_size(part_), 0U);
  write_catalogue("/file");
  EXPECT_EQ(models({"get", "small"}).exit_code, 0);
}

TEST_F(Models, ADamagedFileIsFoundWhenItIsAskedForAgain) {
  write_catalogue("/file");
  fs::create_directories(kept_.parent_path());
  std::ofstream(kept_, std::ios::binary) << std::string(server_.bytes, 'x');
  const test::Outcome outcome = models({"get", "small"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("inpaint models remove small"), std::string::npos) << outcome.err;
}

TEST_F(Models, AreAddedAndNamedByTheirOwner) {
  write_catalogue("/file");
  folder_.write("mine.gguf", "GGUF");
  const std::string path = (folder_.path() / "mine.gguf").string();
  EXPECT_EQ(models({"add", path}).out, "mine is " + path + ", which stays where it is\n");
  EXPECT_EQ(models({"add", path, "--name", "other"}).exit_code, 0);
  EXPECT_EQ(models({"add", path}).exit_code, 1) << "the name is taken";
  EXPECT_EQ(models({"use", "other"}).exit_code, 0);
  EXPECT_NE(models({"list"}).out.find("* other"), std::string::npos);
  EXPECT_EQ(models({"use", path}).exit_code, 0);
  EXPECT_NE(models({"list"}).out.find("used is " + path), std::string::npos);
  EXPECT_EQ(models({"use", "mini"}).exit_code, 0);
  EXPECT_NE(models({"list"}).out.find("* mini"), std::string::npos);
}

TEST_F(Models, SayWhatIsWrong) {
  write_catalogue("/missing");
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"get", "small"}, "the server answers 404"},
      {{"get", "other"}, "no model is known by this name: known are small"},
      {{"get", "small", "--mirror"}, "no package is known to carry it"},
      {{"use", "small"}, "it is not here: fetch it with `inpaint models get small`"},
      {{"use", "other"}, "no model is here by this name or path"},
      {{"use", "/absent.gguf"}, "no model is here by this name or path"},
      {{"remove", "small"}, "no such model is here"},
      {{"remove", "mini"}, "it comes with Inpaint"},
      {{"add", "/absent.gguf"}, "neither a .gguf file nor a folder with a config.json"},
      {{"check", "/absent.gguf"}, "/absent.gguf"}};
  for (const auto& [words, why] : cases) {
    const test::Outcome outcome = models(words);
    EXPECT_NE(outcome.exit_code, 0) << why;
    EXPECT_NE(outcome.err.find(why), std::string::npos) << outcome.err;
  }
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"models"}, {"models", "fetch"}, {"models", "get"}})
    EXPECT_EQ(test::run(wrong).exit_code, 2);
}

}  // namespace
}  // namespace inpaint::lsp
