#include "engine/decoding/sampler.h"

#include "engine/decoding/factor_sampler.h"
#include "engine/decoding/threshold_sampler.h"

namespace inpaint::engine {

std::unique_ptr<Sampler> make_sampler(const SamplerOptions& options, TokenId end) {
  switch (options.rule) {
    case SamplerRule::threshold: return std::make_unique<ThresholdSampler>(options.threshold, end);
    case SamplerRule::factor: return std::make_unique<FactorSampler>(options.factor, end);
  }
  return std::make_unique<ThresholdSampler>(options.threshold, end);
}

}  // namespace inpaint::engine
