// How far the loading of a model is, told to whoever waits for it, who may stop it.
//
// Units: bytes of the model's files.
// Thread rule: called by one thread at a time, which need not be the one that loads.
#pragma once

#include <cstdint>
#include <functional>

namespace inpaint::engine {

/// Bytes read of all; false stops the loading, which then ends as `cancelled`. Throws nothing.
using LoadProgress = std::function<bool(std::uint64_t read, std::uint64_t all)>;

/// How the weights of a model are read.
struct Loading {
  LoadProgress progress = {};  // may be null
  /// At a lower priority than the rest of the process: somebody is answered meanwhile.
  bool gives_way = false;
};

}  // namespace inpaint::engine
