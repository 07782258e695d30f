#include "engine/weights/pretrained_rope.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace inpaint::engine {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

double llama3_frequency(double frequency, const RopeScaling& scaling) {
  const double turns = scaling.trained_positions * frequency / kTurn;  // in what was trained
  if (turns > scaling.high_frequency) return frequency;
  if (turns < scaling.low_frequency) return frequency / scaling.factor;
  const double kept =
      (turns - scaling.low_frequency) / (scaling.high_frequency - scaling.low_frequency);
  return (1.0 - kept) * frequency / scaling.factor + kept * frequency;
}

struct YarnRamp {
  double low = 0.0, high = 1.0;  // pairs; below the one all is kept, above the other nothing

  YarnRamp(int head_dim, double theta, const RopeScaling& scaling) {
    const auto pair_that_turns = [&](double turns) {
      return head_dim * std::log(scaling.trained_positions / (turns * kTurn)) /
             (2.0 * std::log(theta));
    };
    low = pair_that_turns(scaling.beta_fast);
    high = pair_that_turns(scaling.beta_slow);
    if (scaling.whole_pairs) {
      low = std::floor(low);
      high = std::ceil(high);
    }
    low = std::max(low, 0.0);
    high = std::min(high, head_dim - 1.0);
    if (low == high) high += 0.001;  // transformers' way out of a division by zero
  }

  double frequency(int pair, double frequency, double factor) const {
    const double slowed = std::clamp((pair - low) / (high - low), 0.0, 1.0);
    return frequency * (1.0 - slowed) + frequency / factor * slowed;
  }
};

}  // namespace

double yarn_attention_factor(double factor) {
  return factor <= 1.0 ? 1.0 : 0.1 * std::log(factor) + 1.0;
}

Rope rope_of(int head_dim, double theta, const RopeScaling& scaling,
             std::span<const float> divisors) {
  const auto stretched = [&](int pair, double frequency) {
    using enum RopeScaling::Kind;
    switch (scaling.kind) {
      case none: break;
      case linear: return frequency / scaling.factor;
      case llama3: return llama3_frequency(frequency, scaling);
      case yarn:
        return YarnRamp(head_dim, theta, scaling).frequency(pair, frequency, scaling.factor);
    }
    return frequency;
  };
  Rope rope;
  for (int pair = 0; pair < head_dim / 2; ++pair) {
    double frequency = std::pow(theta, -2.0 * pair / head_dim);
    if (!divisors.empty())
      frequency /= static_cast<double>(divisors[static_cast<std::size_t>(pair)]);
    rope.inverse_frequencies.push_back(static_cast<float>(stretched(pair, frequency)));
  }
  const double own =
      scaling.kind == RopeScaling::Kind::yarn ? yarn_attention_factor(scaling.factor) : 1.0;
  rope.attention_factor = static_cast<float>(scaling.attention_factor.value_or(own));
  return rope;
}

std::string problem_of(const RopeScaling& scaling, double theta) {
  constexpr double kMostFactor = 1e6;
  constexpr double kMostPositions = 1 << 26;
  constexpr double kMostTheta = 1e12;
  using Kind = RopeScaling::Kind;
  const auto within = [](double x, double least, double most) { return least <= x && x <= most; };
  if (!within(theta, 1.0, kMostTheta) || (scaling.kind == Kind::yarn && theta == 1.0))
    return fmt::format("the base of rotary positions is {}, expected more than 1 and up to {}",
                       theta, kMostTheta);
  if (!within(scaling.factor, 1.0, kMostFactor))
    return fmt::format("the factor of rope scaling is {}, expected 1 to {}", scaling.factor,
                       kMostFactor);
  if (scaling.attention_factor && !within(*scaling.attention_factor, 1e-3, 1e3))
    return fmt::format("the attention factor of rope scaling is {}, expected 0.001 to 1000",
                       *scaling.attention_factor);
  if (scaling.kind != Kind::llama3 && scaling.kind != Kind::yarn) return {};
  if (!within(scaling.trained_positions, 1.0, kMostPositions))
    return fmt::format("the positions before rope scaling are {}, expected 1 to {}",
                       scaling.trained_positions, kMostPositions);
  const bool is_yarn = scaling.kind == Kind::yarn;
  const double slow = is_yarn ? scaling.beta_slow : scaling.low_frequency;
  const double fast = is_yarn ? scaling.beta_fast : scaling.high_frequency;
  if (!within(slow, 1e-6, kMostFactor) || !within(fast, 1e-6, kMostFactor) || slow >= fast)
    return fmt::format("the borders of rope scaling are {} and {}, expected ascending numbers "
                       "above 0",
                       slow, fast);
  return {};
}

}  // namespace inpaint::engine
