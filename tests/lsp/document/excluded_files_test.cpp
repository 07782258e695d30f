#include "lsp/document/excluded_files.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

TEST(ExcludedFiles, HoldSecrets) {
  for (const char* path :
       {"/w/.env", "/w/.env.local", "/w/prod.env", "/w/server.pem", "/w/server.KEY",
        "/h/.ssh/config", "/h/.ssh/id_rsa", "id_ed25519", "/h/.aws/credentials",
        "/w/credentials.json", "/w/credentials.yaml", "/h/.netrc", "/w/.npmrc", "/h/.kube/config",
        "/w/main.tfvars", "/w/client_secret_12.json", "/h/.docker/config.json", "/w/secrets.yml",
        ".pypirc"}) {
    EXPECT_TRUE(is_excluded_file(path)) << path;
  }
}

TEST(ExcludedFiles, CodeIsNotExcluded) {
  for (const char* path :
       {"/w/env.py", "/w/environment.ts", "/w/credentials.py", "/w/keys.go", "/w/config.json",
        "/w/pem.rs", "/w/.envrc/a.py", "/w/secrets.py", "/w/x.env/a.c", "", "/", "/w/config"}) {
    EXPECT_FALSE(is_excluded_file(path)) << path;
  }
}

TEST(ExcludedFiles, AUserCanAddToThem) {
  const std::vector<std::string> more = {"*.secret.py", "private/*", "gen*ed*"};
  for (const char* path :
       {"/w/a.secret.py", "/w/private/a.py", "private/a.py", "/w/generated_x.c"}) {
    EXPECT_TRUE(is_excluded_file(path, more)) << path;
  }
  for (const char* path : {"/w/secret.py", "/w/private/sub/a.py", "/w/private", "/w/gen.c"}) {
    EXPECT_FALSE(is_excluded_file(path, more)) << path;
  }
}

TEST(ExcludedFiles, APatternOfManyStarsCostsNothing) {
  const std::vector<std::string> more = {std::string(100, '*') + "b" + std::string(100, '*') + "c"};
  EXPECT_FALSE(is_excluded_file(std::string(4000, 'a'), more));
}

}  // namespace
}  // namespace inpaint::lsp
