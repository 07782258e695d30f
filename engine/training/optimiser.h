// One step of training: gradients of the working weights (bf16 or f32) go in, their f32 masters move.
//
// Matrices inside of the layers move by Muon: the momentum is made orthogonal by five Newton–Schulz
// iterations, so that no direction of a matrix starves (K. Jordan et al. 2024; the scale
// 0.2 sqrt(max(rows, columns)), which lets it share AdamW's learning rate, is that of arXiv
// 2502.16982, section 2.2). Everything else, the embedding and the norms, moves by AdamW.
//
// Thread rule: the training thread only.   Memory: master and one or two moments, f32.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

namespace inpaint::engine {

struct OptimiserOptions {
  double beta1 = 0.9, beta2 = 0.95;  // AdamW
  double momentum = 0.95;            // Muon
  double weight_decay = 0.1;         // of matrices
  double clip = 1.0;                 // greatest norm of the whole gradient
};

/// A tensor that is trained. `parts`: rows of the independent matrices that a fused one is made of
/// (queries, keys, values; gate, up); empty for what AdamW moves.
struct Parameter {
  std::string name;
  at::Tensor working;  // leaf that requires a gradient
  std::vector<std::int64_t> parts;
  bool decays = false;
};

class Optimiser {
 public:
  Optimiser(std::vector<Parameter> parameters, OptimiserOptions options);

  /// Moves by the gradients at hand and drops them. Returns the norm of the gradient before clipping;
  /// where it is not finite nothing has moved.
  double step(double learning_rate);

  /// Masters and moments by name, and the number of steps: what a checkpoint holds.
  std::vector<std::pair<std::string, at::Tensor>> state() const;
  std::int64_t steps() const { return steps_; }
  /// Copies `tensor` over the state of that name; false where there is none of that shape.
  bool restore(const std::string& name, const at::Tensor& tensor);
  void restore_steps(std::int64_t steps) { steps_ = steps; }

  const std::vector<Parameter>& parameters() const { return parameters_; }
  /// By name, in the order of parameters().
  std::vector<std::pair<std::string, at::Tensor>> masters() const;
  const at::Tensor& master(std::size_t index) const { return slots_[index].master; }

 private:
  struct Slot {
    at::Tensor master, first, second;  // `second` for AdamW alone
  };
  void move_by_adamw(const Parameter& parameter, Slot& slot, const at::Tensor& gradient,
                     double learning_rate);
  void move_by_muon(const Parameter& parameter, Slot& slot, const at::Tensor& gradient,
                    double learning_rate);

  std::vector<Parameter> parameters_;
  std::vector<Slot> slots_;
  OptimiserOptions options_;
  std::int64_t steps_ = 0;
};

}  // namespace inpaint::engine
