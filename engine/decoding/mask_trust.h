// Whether it pays to ask for masks while a span is verified left to right.
//
// A block of masks makes a forward about twice as dear, and saves one for each of its proposals that comes
// true. How often that is depends on the model and on what is written, so it is learned while writing: the
// masks are asked as long as a block has lately saved more than it cost, and then every now and then.
// They propose and never decide, so the text is the same either way.
//
// Thread rule: engine thread only.
#pragma once

namespace inpaint::engine {

class MaskTrust {
 public:
  /// Before each forward that could ask for a block.
  bool asks();

  /// Of a block that was asked for: how many of its proposals came true.
  void learn(int n_true);

 private:
  float saved_ = 2.0F;  // forwards a block, lately; masks get a chance first
  int unasked_ = 0;     // forwards since a block was asked for
};

}  // namespace inpaint::engine
