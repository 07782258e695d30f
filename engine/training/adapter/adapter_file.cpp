#include "engine/training/adapter/adapter_file.h"

#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/model/quantisation.h"
#include "engine/weights/safetensors.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

/// The tensors of a file, and what keeps their bytes.
class AdapterTensors {
 public:
  void add(const std::string& name, DType type, const at::Tensor& tensor) {
    kept_.push_back(tensor.contiguous());
    const at::Tensor& held = kept_.back();
    to_write_.push_back({name,
                         type,
                         held.sizes().vec(),
                         {static_cast<const std::byte*>(held.data_ptr()), held.nbytes()}});
  }

  Result<void> add_quantised(const std::string& name, const at::Tensor& matrix) {
    const std::int64_t columns = matrix.size(1);
    const std::int64_t behind = groups_of(columns) * kAdapterGroup - columns;  // of whole groups
    const auto rounded =
        quantise(at::constant_pad_nd(matrix, {0, behind}), fmt::format("q8_g{}", kAdapterGroup));
    if (!rounded) return std::unexpected(rounded.error());
    add(name, DType::i8, rounded->integers.narrow(1, 0, columns));
    add(name + ".scale", DType::f16, rounded->scales);
    return {};
  }

  Result<void> write(const fs::path& file) {
    return write_safetensors(file, std::move(to_write_), {{"format", "pt"}});
  }

 private:
  std::vector<at::Tensor> kept_;
  std::vector<TensorToWrite> to_write_;
};

}  // namespace

Result<void> save_adapter(const fs::path& folder, const AdapterConfig& config,
                          const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                          const std::vector<TokenId>& draft_tokens) {
  const at::NoGradGuard no_grad;
  if (Result<void> made = make_folder(folder); !made) return made;
  AdapterTensors file;
  for (const auto& [name, tensor] : tensors) {
    if (name == "masks") {
      file.add(name, DType::f32, tensor);
    } else if (Result<void> added = file.add_quantised(name, tensor); !added) {
      return added;
    }
  }
  file.add("draft_tokens", DType::i32, at::tensor(draft_tokens, at::kInt));
  if (Result<void> written = file.write(folder / kAdapterTensorFile); !written) return written;
  return write_file_atomically(folder / kAdapterConfigFile, to_json(config));
}

}  // namespace inpaint::engine
