#include "lsp/command/doctor_command.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/base/version.h"
#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

using nlohmann::json;
using test::Machine;
using test::Outcome;

TEST(Doctor, IsContentWhenNothingIsMissing) {
  Machine machine;
  const Outcome outcome = machine.run({"doctor"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  for (const char* part : {"/models/mini", "inpaint_mini, 9.4M parameters, 6 layers of 256",
                           "context 1024 tokens, blocks of 4, 8, 16", "bf16 from 1 row", "2.11.0",
                           "c, python", "cpu"}) {
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  }
}

TEST(Doctor, AnswersScripts) {
  Machine machine;
  const json object = json::parse(machine.run({"doctor", "--json", "--model", "/m"}).out);
  EXPECT_EQ(object["ok"], true);
  EXPECT_EQ(object["version"], engine::kVersion);
  EXPECT_EQ(object["model"]["path"], "/m");
  EXPECT_EQ(object["model"]["parameters"], 9'400'000);
  EXPECT_EQ(object["model"]["block_widths"], (json{4, 8, 16}));
  EXPECT_EQ(object["device"], "cpu");
  EXPECT_EQ(object["number_types"], "bf16 from 1 row");
  EXPECT_EQ(object["torch"], "2.11.0");
  EXPECT_EQ(object["grammars"], (json{"c", "python"}));
  EXPECT_EQ(object["problems"], json::array());
}

TEST(Doctor, NamesEverythingThatIsMissingWithItsRemedy) {
  Machine machine;
  machine.has_model = false;
  machine.has_engine = false;
  machine.languages.clear();
  const Outcome outcome = machine.run({"doctor", "--json"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err,
            "inpaint: grammars: none is linked in, so fills are not checked by a parser: "
            "run packaging/setup.sh and build again\n"
            "inpaint: libinpaint_engine.so: not there: build it\n"
            "inpaint: model: none: train one\n");
  const json object = json::parse(outcome.out);
  EXPECT_EQ(object["ok"], false);
  EXPECT_TRUE(object["model"].is_null());
  ASSERT_EQ(object["problems"].size(), 3U);
  EXPECT_EQ(object["problems"][2],
            (json{{"what", "model"}, {"why", "none"}, {"remedy", "train one"}}));
}

TEST(Doctor, LooksAtTheDeviceThatIsAskedFor) {
  // Torch can not be widened to CUDA once it was opened for the processor.
  Machine machine;
  EXPECT_EQ(machine.run({"doctor", "--device", "cuda"}).exit_code, 0);
  EXPECT_EQ(machine.checked_device, engine::Device::cuda);
  ASSERT_EQ(machine.asked->opened.size(), 1U);
  EXPECT_EQ(machine.asked->opened[0].device, engine::Device::cuda);
}

TEST(Doctor, NamesTheModelThatAnswersAndWhyItIsNotTheDefault) {
  Machine machine;
  machine.default_model = machine.damaged_model = "/models/larger.gguf";
  const Outcome outcome = machine.run({"doctor", "--json"});
  EXPECT_EQ(outcome.exit_code, 1);
  const json object = json::parse(outcome.out);
  EXPECT_EQ(object["model"]["path"], "/models/mini");
  ASSERT_EQ(object["problems"].size(), 1U);
  EXPECT_EQ(object["problems"][0]["what"], "the default model larger");
  machine.damaged_model.clear();
  EXPECT_EQ(machine.run({"doctor"}).exit_code, 0);
}

TEST(Doctor, FailsOnAModelThatDoesNotLoad) {
  Machine machine;
  machine.model_loads = false;
  const Outcome outcome = machine.run({"doctor"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: model.safetensors: cut short: fetch it again\n");
  EXPECT_NE(outcome.out.find("/models/mini"), std::string::npos);
}

}  // namespace
}  // namespace inpaint::lsp
