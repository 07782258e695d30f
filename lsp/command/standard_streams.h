// Keeps the program's input and output to the program.
//
// Torch's libraries print where they like: MKL_VERBOSE=1 or ONEDNN_VERBOSE=1, which people who do
// numerics have set, puts lines on descriptor 1, between the frames of a protocol or into a JSON
// object. So both ends move to descriptors that no library knows, before any library is loaded:
// descriptor 1 is then the error stream, and descriptor 0 has nothing to read.
//
// A descriptor that was closed at the start is filled as well: the next file that is opened would
// take its number, and what a library prints would land in that file.
//
// Thread rule: make it in main, before any other thread.
// Errors: none; where no descriptor is left to move to, things stay where they are.
#pragma once

namespace inpaint::lsp {

class StandardStreams {
 public:
  StandardStreams();

  /// What were descriptors 0 and 1; -1 where that was closed.
  int in() const { return in_; }
  int out() const { return out_; }

 private:
  int in_;
  int out_;
};

}  // namespace inpaint::lsp
