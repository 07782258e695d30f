#include "engine/library.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

/// Sets a variable for one test, and takes it away again.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), /*overwrite=*/1);
  }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST(Library, NamesThePlaceWhereThereIsNone) {
  const TemporaryFolder folder;
  const auto opened = Library::open(Device::cpu, folder.path() / "libinpaint_engine.so");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().why.find(folder.path().string()), std::string::npos);
  EXPECT_FALSE(opened.error().remedy.empty());
}

TEST(Library, RefusesAFileThatIsNoLibrary) {
  const TemporaryFolder folder;
  const fs::path engine = folder.write("libinpaint_engine.so", "not a library");
  const auto opened = Library::open(Device::cpu, engine);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_EQ(opened.error().what, engine.string());
}

TEST(Library, OpensTheCudaHalfBeforeTheEngine) {
  const TemporaryFolder folder;
  const fs::path engine = folder.write("libinpaint_engine.so", "not a library");
  const Variable torch("INPAINT_TORCH_LIB", folder.path().string());
  const auto missing = Library::open(Device::cuda, engine);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unavailable);
  EXPECT_EQ(missing.error().what, "libtorch_cuda.so");
  EXPECT_NE(missing.error().why.find(folder.path().string()), std::string::npos);
  EXPECT_NE(missing.error().remedy.find("--device cpu"), std::string::npos);

  folder.write("libtorch_cuda.so", "not a library either");
  const auto damaged = Library::open(Device::cuda, engine);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().what, (folder.path() / "libtorch_cuda.so").string());

  const auto without = Library::open(Device::cpu, engine);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().what, engine.string()) << "the processor needs no CUDA half";
}

TEST(Library, LooksForTheCudaHalfBesideTheEngineFirst) {
  const auto places = cuda_places("/opt/inpaint/bin/../lib/libinpaint_engine.so");
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0], "/opt/inpaint/lib/libtorch_cuda.so");
  EXPECT_EQ(places[1].filename(), "libtorch_cuda.so");
  EXPECT_TRUE(places[1].is_absolute());
}

TEST(Library, LooksWhereTheUserSaysAndNowhereElse) {
  const Variable torch("INPAINT_TORCH_LIB", "/opt/torch/lib");
  const auto places = cuda_places("/opt/inpaint/lib/libinpaint_engine.so");
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0], "/opt/torch/lib/libtorch_cuda.so");
}

}  // namespace
}  // namespace inpaint::engine
