// `inpaint bench typing` with the real server and the model that ships.

#include <string>

#include <nlohmann/json.hpp>

#include "tests/lsp/command/run_binary.h"
#include "tests/project_folders.h"

namespace inpaint::lsp {
namespace {

using Json = nlohmann::json;
using test::Outcome;
using test::run;

class RealTyping : public testing::Test {
 protected:
  Outcome type(std::vector<std::string> options) {
    options.insert(options.begin(), {"bench", "typing"});
    return run(options, {"XDG_CACHE_HOME=" + (folder_.path() / "cache").string()});
  }
  test::TemporaryFolder folder_;
};

TEST_F(RealTyping, ReportsHowSoonGhostTextComes) {
  std::string source;
  for (int i = 0; i < 40; ++i) source += "width_" + std::to_string(i) + " = measure(left, right)\n";
  const std::string file = folder_.write("widths.py", source);
  const Outcome outcome =
      type({"--model", "mini", "--file", file, "--keys", "60", "--speed", "2", "--seed", "3"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json report = Json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(report.is_object()) << outcome.out;
  EXPECT_EQ(report["complete"], true);
  EXPECT_EQ(report["file"], "widths.py");
  const auto row = [&](const std::string& what) {
    for (const Json& one : report["rows"])
      if (one["what"] == what) return one;
    ADD_FAILURE() << "no row " << what;
    return Json();
  };
  // Lines that the file says forty times are foreseen, so something is shown; the rest is the machine's.
  EXPECT_GT(row("keys that show something")["idle"]["p50"], 0.0);
  EXPECT_GE(row("key to ghost text, over all")["idle"]["n"], 1);
  EXPECT_GT(row("processor time for 1,000 keys")["idle"]["p50"], 0.0);
  EXPECT_EQ(test::content_of(file), source) << "nothing on disk is changed";
}

TEST_F(RealTyping, RefusesAFileThatIsNotThere) {
  const Outcome outcome = type({"--model", "mini", "--file", "/no/such/file.py"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("/no/such/file.py"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace inpaint::lsp
