#include "engine/training/optimiser.h"

#include <ATen/core/grad_mode.h>

#include <cmath>

namespace inpaint::engine {
namespace {

/// The nearest matrix with orthonormal rows or columns, roughly: singular values come out in
/// 0.7 … 1.2, which is all that Muon needs. The quintic's coefficients are those of K. Jordan.
/// bf16 is precise enough, but its products pay only where the weights are in it as well: a
/// processor without instructions for them took 12 s for a step of the embedded model.
at::Tensor orthogonalise(const at::Tensor& matrix, at::ScalarType type) {
  const bool tall = matrix.size(0) > matrix.size(1);
  at::Tensor x = (tall ? matrix.t() : matrix).to(type);
  x = x / (x.norm() + 1e-7);
  for (int i = 0; i < 5; ++i) {
    const at::Tensor gram = at::mm(x, x.t());
    const at::Tensor quintic = gram * -4.7750 + at::mm(gram, gram) * 2.0315;
    x = x * 3.4445 + at::mm(quintic, x);
  }
  return (tall ? x.t() : x).to(at::kFloat);
}

}  // namespace

Optimiser::Optimiser(std::vector<Parameter> parameters, OptimiserOptions options)
    : parameters_(std::move(parameters)), options_(options) {
  for (const Parameter& parameter : parameters_) {
    Slot slot;
    slot.master = parameter.working.detach().to(at::kFloat, false, true);
    slot.first = at::zeros_like(slot.master);
    if (parameter.parts.empty()) slot.second = at::zeros_like(slot.master);
    slots_.push_back(std::move(slot));
  }
}

double Optimiser::step(double learning_rate) {
  at::NoGradGuard no_grad;
  at::Tensor squares = at::zeros(
      {}, at::TensorOptions().dtype(at::kFloat).device(parameters_.front().working.device()));
  for (const Parameter& parameter : parameters_)
    if (parameter.working.grad().defined())
      squares += parameter.working.grad().to(at::kFloat).square().sum();
  const double norm = std::sqrt(squares.item<double>());
  if (!std::isfinite(norm)) return norm;

  ++steps_;
  const double scale = norm > options_.clip ? options_.clip / norm : 1.0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    Parameter& parameter = parameters_[i];
    if (!parameter.working.grad().defined()) continue;
    const at::Tensor gradient = parameter.working.grad().to(at::kFloat) * scale;
    if (parameter.parts.empty()) move_by_adamw(parameter, slots_[i], gradient, learning_rate);
    else move_by_muon(parameter, slots_[i], gradient, learning_rate);
    parameter.working.copy_(slots_[i].master);
    parameter.working.mutable_grad() = at::Tensor();
  }
  return norm;
}

void Optimiser::move_by_adamw(const Parameter& parameter, Slot& slot, const at::Tensor& gradient,
                              double learning_rate) {
  slot.first.lerp_(gradient, 1.0 - options_.beta1);
  slot.second.mul_(options_.beta2).addcmul_(gradient, gradient, 1.0 - options_.beta2);
  const double first_bias = 1.0 - std::pow(options_.beta1, static_cast<double>(steps_));
  const double second_bias = 1.0 - std::pow(options_.beta2, static_cast<double>(steps_));
  if (parameter.decays) slot.master.mul_(1.0 - learning_rate * options_.weight_decay);
  const at::Tensor spread = (slot.second / second_bias).sqrt_().add_(1e-8);
  slot.master.addcdiv_(slot.first, spread, -learning_rate / first_bias);
}

void Optimiser::move_by_muon(const Parameter& parameter, Slot& slot, const at::Tensor& gradient,
                             double learning_rate) {
  slot.first.mul_(options_.momentum).add_(gradient);
  const at::Tensor ahead = gradient + slot.first * options_.momentum;  // Nesterov
  if (parameter.decays) slot.master.mul_(1.0 - learning_rate * options_.weight_decay);
  std::int64_t row = 0;
  for (const std::int64_t rows : parameter.parts) {
    const at::Tensor part = ahead.narrow(0, row, rows);
    const double size = static_cast<double>(std::max(part.size(0), part.size(1)));
    slot.master.narrow(0, row, rows)
        .add_(orthogonalise(part, parameter.working.scalar_type()),
              -learning_rate * 0.2 * std::sqrt(size));
    row += rows;
  }
}

std::vector<std::pair<std::string, at::Tensor>> Optimiser::state() const {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    tensors.emplace_back(parameters_[i].name, slots_[i].master);
    tensors.emplace_back(parameters_[i].name + ".first_moment", slots_[i].first);
    if (slots_[i].second.defined())
      tensors.emplace_back(parameters_[i].name + ".second_moment", slots_[i].second);
  }
  return tensors;
}

std::vector<std::pair<std::string, at::Tensor>> Optimiser::masters() const {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  tensors.reserve(slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i)
    tensors.emplace_back(parameters_[i].name, slots_[i].master);
  return tensors;
}

bool Optimiser::restore(const std::string& name, const at::Tensor& tensor) {
  at::NoGradGuard no_grad;
  for (auto& [own, target] : state()) {
    if (own != name) continue;
    if (target.sizes() != tensor.sizes()) return false;
    target.copy_(tensor);
    for (std::size_t i = 0; i < slots_.size(); ++i)
      if (parameters_[i].name == name) parameters_[i].working.copy_(slots_[i].master);
    return true;
  }
  return false;
}

}  // namespace inpaint::engine
