#include "engine/library.h"

#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/environment.h"
#include "tests/engine/temporary_folder.h"
#include "tests/engine/variable.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

const PathRoots kRoots{"/w", "/h"};

Result<Library> open_beside(const TemporaryFolder& folder, Device device = Device::cpu) {
  return Library::open(device, folder.path() / "inpaint", kRoots);
}

TEST(Library, NamesThePlaceWhereThereIsNone) {
  const TemporaryFolder folder;
  const auto opened = open_beside(folder);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().why.find(folder.path().string()), std::string::npos);
  EXPECT_FALSE(opened.error().remedy.empty());
}

TEST(Library, RefusesAFileThatIsNoLibrary) {
  const TemporaryFolder folder;
  const fs::path engine = folder.write("libinpaint_engine.so", "not a library");
  const auto opened = open_beside(folder);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_EQ(opened.error().what, engine.string());
}

TEST(Library, OpensTheCudaHalfBeforeTheEngine) {
  const TemporaryFolder folder;
  const fs::path engine = folder.write("libinpaint_engine.so", "not a library");
  const Variable torch("INPAINT_TORCH_LIB", folder.path().string());
  const auto missing = open_beside(folder, Device::cuda);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unavailable);
  EXPECT_EQ(missing.error().what, "libtorch_cuda.so");
  EXPECT_NE(missing.error().why.find(folder.path().string()), std::string::npos);
  EXPECT_NE(missing.error().remedy.find("--device cpu"), std::string::npos);

  folder.write("libtorch_cuda.so", "not a library either");
  const auto damaged = open_beside(folder, Device::cuda);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().what, (folder.path() / "libtorch_cuda.so").string());

  const auto without = open_beside(folder);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().what, engine.string()) << "the processor needs no CUDA half";
}

TEST(Library, NamesTheVariablesOfTheLinkerThatMayBeBehindAFailure) {
  const TemporaryFolder folder;
  const fs::path engine = folder.write("libinpaint_engine.so", "not a library");
  const Variable preload("LD_PRELOAD", std::nullopt);
  {
    const Variable path("LD_LIBRARY_PATH", "/opt/torch/lib");
    EXPECT_TRUE(
        open_beside(folder).error().remedy.starts_with("try again without LD_LIBRARY_PATH;"));
    const Variable tunables("GLIBC_TUNABLES", "glibc.rtld.optional_static_tls=0");
    EXPECT_TRUE(open_beside(folder).error().remedy.starts_with(
        "try again without LD_LIBRARY_PATH, GLIBC_TUNABLES;"));
  }
  const Variable path("LD_LIBRARY_PATH", "");
  EXPECT_TRUE(open_beside(folder).error().remedy.starts_with("build or install"));
}

TEST(Library, SetsWhatTheLibrariesBelowReadOnce) {
  const TemporaryFolder folder;
  folder.write("libinpaint_engine.so", "not a library");
  const Variable stack("OMP_STACKSIZE", "1k");
  const Variable wait("OMP_WAIT_POLICY", std::nullopt);
  std::ignore = open_beside(folder);
  EXPECT_EQ(environment("OMP_WAIT_POLICY"), "passive");
  EXPECT_EQ(environment("OMP_STACKSIZE"), std::nullopt);
  const Variable users("OMP_WAIT_POLICY", "active");
  std::ignore = open_beside(folder);
  EXPECT_EQ(environment("OMP_WAIT_POLICY"), "active");
}

TEST(Library, LiesInTheInstallationOfItsProgram) {
  EXPECT_EQ(engine_places("/opt/inpaint/bin/inpaint"),
            (std::vector<fs::path>{"/opt/inpaint/lib/libinpaint_engine.so",
                                   "/opt/inpaint/bin/libinpaint_engine.so"}));
  EXPECT_TRUE(engine_places({}).empty()) << "never in the folder that one works in";
  EXPECT_EQ(Library::open(Device::cpu, {}, kRoots).error().code, ErrorCode::unavailable);
}

TEST(Library, LooksForTheCudaHalfBesideTheEngineFirst) {
  const Variable torch("INPAINT_TORCH_LIB", std::nullopt);
  const auto places = cuda_places("/opt/inpaint/lib/libinpaint_engine.so", kRoots).value();
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0], "/opt/inpaint/lib/libtorch_cuda.so");
  EXPECT_EQ(places[1].filename(), "libtorch_cuda.so");
  EXPECT_TRUE(places[1].is_absolute());
}

TEST(Library, LooksWhereTheUserSaysAndNowhereElse) {
  for (const auto& [named, folder] :
       {std::pair("/opt/torch/lib/", "/opt/torch/lib"), std::pair("~/torch", "/h/torch"),
        std::pair("lib", "/w/lib")}) {
    const Variable torch("INPAINT_TORCH_LIB", named);
    const auto places = cuda_places("/opt/inpaint/lib/libinpaint_engine.so", kRoots).value();
    ASSERT_EQ(places.size(), 1U);
    EXPECT_EQ(places[0], fs::path(folder) / "libtorch_cuda.so");
  }
}

}  // namespace
}  // namespace inpaint::engine
