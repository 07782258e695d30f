#include "lsp/base/power.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

TEST(Power, ABatteryThatIsUsedIsKnownByItsStatus) {
  const test::TemporaryFolder folder;
  EXPECT_FALSE(on_battery(folder.path() / "absent"));
  EXPECT_FALSE(on_battery(folder.path()));
  const auto supply = [&](const std::string& name, const char* status, const char* scope) {
    std::filesystem::create_directories(folder.path() / name);
    folder.write(name + "/status", status);
    if (scope != nullptr) folder.write(name + "/scope", scope);
    return on_battery(folder.path());
  };
  EXPECT_FALSE(supply("BAT0", "Charging\n", nullptr));
  EXPECT_FALSE(supply("mouse", "Discharging\n", "Device\n"));
  EXPECT_TRUE(supply("BAT0", "Discharging\n", nullptr));
  EXPECT_FALSE(supply("BAT0", "Not charging\n", "System\n"));
}

}  // namespace
}  // namespace inpaint::lsp
