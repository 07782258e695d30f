// Where people start the program: sandboxes, containers, cluster nodes, shells with a history.
//
// Each is a few variables and lines of shell. None may end the program or keep it from answering.
#pragma once

#include <string>
#include <vector>

#include "tests/lsp/command/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::lsp::test {

struct Surrounding {
  std::string name;
  std::vector<std::string> environment;
  std::string shell;
};

/// `folder` is where they lay what they need; the program may write there.
inline std::vector<Surrounding> surroundings(const TemporaryFolder& folder) {
  const std::string root = folder.path().string();
  const std::string no_proc = tests::binary_folder() + "/lib/libtest_without_proc.so";
  const auto cache = [&](const char* lines) {
    return "mkdir -p " + root + "/c/inpaint; cd " + root + "/c/inpaint; rm -rf n*; " + lines;
  };
  std::vector<Surrounding> all = {
      {"nothing at all", {}, ""},
      {"a home that is not there", {"HOME=/homeless-shelter"}, ""},
      {"an empty home", {"HOME="}, ""},
      {"a relative home", {"HOME=home"}, ""},
      {"a home that is a file", {"HOME=/dev/null"}, ""},
      {"no temporary folder", {"TMPDIR=/run/user/0/nix-shell.gone"}, ""},
      {"folders of XDG that cannot be made",
       {"XDG_CACHE_HOME=/dev/null/c", "XDG_CONFIG_HOME=/dev/null/c", "XDG_STATE_HOME=/proc/c"},
       ""},
      {"relative folders of XDG", {"XDG_CACHE_HOME=c", "XDG_CONFIG_HOME=."}, "cd /"},
      {"a cache that is in the way",
       {"XDG_CACHE_HOME=" + root + "/c"},
       cache("mkdir number_types.json")},
      {"a cache that holds anything",
       {"XDG_CACHE_HOME=" + root + "/c"},
       cache("printf '{\\377\\000[[[' >number_types.json")},
      {"a cache that never answers",
       {"XDG_CACHE_HOME=" + root + "/c"},
       cache("mkfifo number_types.json")},
      {"a configuration that never answers",
       {"XDG_CONFIG_HOME=" + root + "/c"},
       cache("mkfifo languages.json 2>/dev/null || true")},
      {"a working folder that is gone",
       {},
       "mkdir -p " + root + "/gone; cd " + root + "/gone; rmdir " + root + "/gone"},
      {"a working folder with an odd name",
       {},
       "mkdir -p \"" + root + "/$(printf 'a\\nb \\351')\"; cd \"" + root +
           "/$(printf 'a\\nb \\351')\""},
      {"no standard input", {}, "exec <&-"},
      {"no standard error", {}, "exec 2>&-"},
      {"neither", {}, "exec <&- 2>&-"},
      {"a locale that is not installed", {"LC_ALL=xx_YY.odd", "LANGUAGE=zz"}, ""},
      {"a locale with other numbers", {"LC_ALL=de_DE.UTF-8", "LANG=tr_TR.UTF-8"}, ""},
      {"few descriptors", {}, "ulimit -n 16"},
      {"instructions of another processor", {"ATEN_CPU_CAPABILITY=avx512"}, ""},
      {"instructions of no processor", {"ATEN_CPU_CAPABILITY=nonsense"}, ""},
      {"signals that a parent ignores", {}, "trap '' PIPE INT TERM HUP"},
      {"libraries that talk",
       {"MKL_VERBOSE=1", "ONEDNN_VERBOSE=1", "DNNL_VERBOSE=1", "OMP_DISPLAY_ENV=VERBOSE",
        "TORCH_CPP_LOG_LEVEL=INFO", "TORCH_SHOW_CPP_STACKTRACES=1", "OMP_DISPLAY_AFFINITY=TRUE"},
       ""},
      {"threads for another program",
       {"OMP_NUM_THREADS=4096", "OMP_STACKSIZE=1k", "GOMP_STACKSIZE=1", "MKL_NUM_THREADS=0",
        "OMP_PROC_BIND=nonsense", "OMP_SCHEDULE=odd", "OMP_DYNAMIC=maybe"},
       ""},
      {"threads without stacks", {"OMP_STACKSIZE=100T", "OMP_THREAD_LIMIT=1", "OMP_NESTED=1"}, ""},
      {"a picky memory",
       {"MALLOC_PERTURB_=85", "MALLOC_ARENA_MAX=1", "MALLOC_CHECK_=3",
        "GLIBC_TUNABLES=glibc.malloc.tcache_count=0:nonsense=1"},
       ""},
  };
#ifndef __SANITIZE_THREAD__  // its shadow memory is a file
  all.push_back({"a full disk", {"XDG_CACHE_HOME=" + root + "/c"}, cache("ulimit -f 0")});
#endif
#if !defined(__SANITIZE_ADDRESS__) &&                                                              \
    !defined(__SANITIZE_THREAD__)  // they need both for themselves
  all.push_back({"no /proc", {"LD_PRELOAD=" + no_proc}, ""});
#endif
  return all;
}

}  // namespace inpaint::lsp::test
