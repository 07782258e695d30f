#include "engine/base/folders.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"
#include "tests/engine/variable.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;
using Value = std::optional<std::string>;

struct FolderCase {
  const char* name;
  Value xdg;
  Value home;
  const char* state;
  const char* config;
  const char* cache;
};

const FolderCase kCases[] = {
    {"a home", {}, "/h", "/h/.local/state/inpaint", "/h/.config/inpaint", "/h/.cache/inpaint"},
    {"folders of XDG", "/x", "/h", "/x/inpaint", "/x/inpaint", "/x/inpaint"},
    {"folders of XDG without a home", "/x", {}, "/x/inpaint", "/x/inpaint", "/x/inpaint"},
    {"no home", {}, {}, "", "", ""},
    {"an empty home", {}, "", "", "", ""},
    {"a relative home", {}, "home", "", "", ""},
    {"empty folders of XDG", "", "/h", "/h/.local/state/inpaint", "/h/.config/inpaint",
     "/h/.cache/inpaint"},
    {"relative folders of XDG are ignored", "x/y", "/h", "/h/.local/state/inpaint",
     "/h/.config/inpaint", "/h/.cache/inpaint"},
    {"a relative folder and no home", "x/y", {}, "", "", ""},
};

TEST(Folders, FollowTheEnvironmentAndNothingElse) {
  for (const FolderCase& c : kCases) {
    const Variable state("XDG_STATE_HOME", c.xdg);
    const Variable config("XDG_CONFIG_HOME", c.xdg);
    const Variable cache("XDG_CACHE_HOME", c.xdg);
    const Variable home("HOME", c.home);
    const Variable temporary("TMPDIR", "/nowhere");
    EXPECT_EQ(state_folder(), c.state) << c.name;
    EXPECT_EQ(config_folder(), c.config) << c.name;
    EXPECT_EQ(cache_folder(), c.cache) << c.name;
  }
}

TEST(Folders, ThereIsNoWorkingFolderOnceItWasRemoved) {
  const fs::path before = fs::current_path();
  {
    const TemporaryFolder folder;
    fs::current_path(folder.path());
    EXPECT_EQ(working_folder(), fs::current_path());
  }
  EXPECT_EQ(working_folder(), "");
  fs::current_path(before);
}

TEST(Folders, TheProgramKnowsItsFile) {
  EXPECT_TRUE(program_file().is_absolute());
  EXPECT_TRUE(fs::is_regular_file(program_file()));
}

}  // namespace
}  // namespace inpaint::engine
