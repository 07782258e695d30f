// The project's files, as the tests of the house see them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace inpaint::house {

/// Path below the root, with slashes -> contents.
using Files = std::map<std::string, std::string, std::less<>>;

/// Something that the house does not allow.
struct Violation {
  std::string path;
  int line = 0;  // from 1; 0: the file as a whole
  std::string text;
};

/// "path:line: text", one a line.
std::string to_string(const std::vector<Violation>& violations);

/// Every text file below `folders` of the source tree; "." are the files of the root itself.
/// Binary files (with a zero byte) and what tools generate (__pycache__, node_modules) are left out.
Files read_source_tree(const std::vector<std::string>& folders);

bool is_header(std::string_view path);
bool is_cpp(std::string_view path);  // .h .cpp .cu .cuh

/// Calls visit(line number, line) for every line of the text.
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    visit(++number, text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

}  // namespace inpaint::house
