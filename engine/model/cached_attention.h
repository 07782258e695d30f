// The attention of new rows over cached ones.
//
// A row sees the same, to the bit, whatever rows go with it.
//
// Thread rule: engine thread only.
#pragma once

#include "engine/decoding/row_cache.h"
#include "engine/decoding/seen_keys.h"
#include "engine/model/transformer.h"

namespace inpaint::engine {

class CachedAttention final : public Attention {
 public:
  /// Rows see what `visibility` says of the cache and of one another.
  CachedAttention(RowCache& cache, const Visibility& visibility);

  at::Tensor attend(int layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  RowCache& cache_;
  SeenKeys seen_;  // of the cache and the rows
};

}  // namespace inpaint::engine
