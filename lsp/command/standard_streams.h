// Keeps the program's output to the program.
//
// Torch's libraries print where they like: MKL_VERBOSE=1 or ONEDNN_VERBOSE=1, which people who do
// numerics have set, puts lines on descriptor 1, between the frames of a protocol or into a JSON
// object. So the output moves to a descriptor that no library knows, before any library is loaded,
// and descriptor 1 is the error stream from then on. The input stays where it is: no library reads
// it, and people name it as a file (/dev/stdin).
//
// A descriptor that was closed at the start is filled as well: the next file that is opened would
// take its number, and what a library prints would land in that file.
//
// Thread rule: make it in main, before any other thread.
// Errors: none; where no descriptor is left to move to, the output stays where it is.
#pragma once

namespace inpaint::lsp {

class StandardStreams {
 public:
  StandardStreams();

  /// The program's input and output; -1 where that was closed.
  int in() const { return in_; }
  int out() const { return out_; }

 private:
  int in_;
  int out_;
};

}  // namespace inpaint::lsp
