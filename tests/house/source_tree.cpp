#include "tests/house/source_tree.h"
#include "tests/project_folders.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace inpaint::house {
namespace {

namespace fs = std::filesystem;

void read_into(Files& files, const fs::path& root, const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream && !stream.eof()) throw std::runtime_error("cannot read " + path.string());
  if (text.find('\0') != std::string::npos) return;
  files.emplace(path.lexically_relative(root).generic_string(), std::move(text));
}

bool is_generated(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "__pycache__" || name == "node_modules" || name == ".git";
}

}  // namespace

std::string to_string(const std::vector<Violation>& violations) {
  std::string text;
  for (const Violation& v : violations) {
    text += v.path;
    if (v.line > 0) text += ":" + std::to_string(v.line);
    text += ": " + v.text + "\n";
  }
  return text;
}

Files read_source_tree(const std::vector<std::string>& folders) {
  const fs::path root(tests::source_folder());
  Files files;
  for (const std::string& folder : folders) {
    if (folder == ".") {
      for (const fs::directory_entry& entry : fs::directory_iterator(root))
        if (entry.is_regular_file() && !is_generated(entry.path()))  // .git is a file in a worktree
          read_into(files, root, entry.path());
      continue;
    }
    if (!fs::exists(root / folder)) continue;
    for (auto entry = fs::recursive_directory_iterator(root / folder);
         entry != fs::recursive_directory_iterator(); ++entry) {
      if (entry->is_directory() && is_generated(entry->path())) entry.disable_recursion_pending();
      else if (entry->is_regular_file() && !entry->is_symlink())
        read_into(files, root, entry->path());
    }
  }
  return files;
}

bool is_header(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cuh"); }

bool is_cpp(std::string_view path) {
  return is_header(path) || path.ends_with(".cpp") || path.ends_with(".cu") ||
         path.ends_with(".inc");
}

}  // namespace inpaint::house
