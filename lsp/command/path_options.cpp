#include "lsp/command/path_options.h"

#include <filesystem>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "engine/engine.h"

namespace inpaint::lsp {
namespace {

using engine::Result;

/// Names the fields of each struct of options that are paths.
class Paths {
 public:
  explicit Paths(const engine::PathRoots& roots) : roots_(roots) {}

  void of(PrintText& /*none*/) {}
  void of(DoctorOptions& /*none*/) {}
  void of(CompleteOptions& options) {
    needed(options.location);  // line and column stay at its end
    adapter(options.model);
    needed(options.snippets);
    needed(options.neighbours);
  }
  void of(RewriteOptions& options) { needed(options.file); }
  void of(ServeOptions& options) {
    needed(options.log);
    adapter(options.model);
  }
  void of(BenchOptions& options) {
    needed(options.file);
    adapter(options.model);
  }
  void of(ShardsPackOptions& options) {
    needed(options.from);
    needed(options.out);
  }
  void of(TypingOptions& options) {
    needed(options.files);
    adapter(options.model);
  }
  void of(ShardsVerifyOptions& options) {
    needed(options.folder);
    needed(options.never);
  }
  void of(EvalOptions& options) {
    needed(options.cases);
    needed(options.out);
    needed(options.summary);
    adapter(options.model);
  }
  void of(CasesOptions& options) {
    needed(options.from);
    needed(options.out);
  }
  void of(ModelsOptions& options) {
    needed(options.catalogue);
    if (options.verb == ModelsOptions::Verb::add) needed(options.model);  // elsewhere a name, too
  }
  void of(engine::TrainOptions& options) {
    needed(options.data);
    for (std::filesystem::path* path : {&options.valid, &options.out, &options.tokenizer})
      if (!path->empty()) needed(*path);
  }

  Result<void> result() const { return result_; }

 private:
  void adapter(ModelOptions& options) {
    if (!options.adapter.empty() && options.adapter != engine::kNoAdapter) needed(options.adapter);
  }

  template <class Path>
  void needed(Path& path) {
    if constexpr (std::is_same_v<Path, std::vector<std::string>>) {
      for (std::string& one : path) needed(one);
    } else if constexpr (std::is_same_v<Path, std::optional<std::string>>) {
      if (path) needed(*path);
    } else {
      const std::string given = path;
      auto whole = engine::absolute_path(given, roots_);
      if (whole) path = whole->string();
      else if (result_) result_ = std::unexpected(whole.error());
    }
  }

  const engine::PathRoots& roots_;
  Result<void> result_;
};

}  // namespace

Result<void> make_paths_absolute(Command& command, const engine::PathRoots& roots) {
  Paths paths(roots);
  std::visit([&](auto& options) { paths.of(options); }, command);
  return paths.result();
}

}  // namespace inpaint::lsp
