// Which files lie beside a file: those of its package that are nearest in the order of their paths.
//
// They stand for what a person has open beside the file that is being written. Paths in order keep
// folders together, so the nearest are of the same folder while it has any.
//
// Thread rule: immutable.   Cost: O(n log n) once, O(count) a question.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace inpaint::engine {

class Neighbourhood {
 public:
  struct File {
    std::string_view package, path;  // looked at by the constructor only
  };
  explicit Neighbourhood(const std::vector<File>& files);

  /// Nearest first, at most `count`, `file` not among them; those above and below take turns.
  std::vector<std::size_t> of(std::size_t file, std::size_t count) const;

 private:
  std::vector<std::uint32_t> order_;  // files, by package and path
  std::vector<std::uint32_t> place_;  // of a file in order_
  std::vector<std::uint32_t>
      package_;  // of a file; numbers that only their equality means anything
};

}  // namespace inpaint::engine
