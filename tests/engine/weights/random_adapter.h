// A small mask adapter of random numbers, whose files a test changes one by one.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/kernels/half.h"
#include "engine/weights/mask_adapter.h"

namespace inpaint::engine {

struct RandomAdapter {
  struct Tensor {
    DType dtype = DType::i8;
    std::vector<std::int64_t> shape;
    std::string bytes;
  };
  AdapterConfig config;
  std::map<std::string, Tensor> tensors;

  /// `scale` is how far masks are from clean rows. Draft tokens are every other id from `first` on.
  RandomAdapter(const PretrainedConfig& base, std::string tokenizer, std::uint64_t seed,
                float scale = 0.02F, int markov_rank = 32, TokenId first = 1)
      : config(adapter_config_of(base, std::move(tokenizer))) {
    config.rank = 4;
    config.masks = 3;
    config.markov_rank = markov_rank;
    config.draft_tokens = std::min(100, (base.vocabulary - first) / 2);
    config.measured_on = {"a.gguf"};
    config.rows = 7;
    std::mt19937_64 random(seed);
    const auto number = [&] { return static_cast<int>(random() % 255) - 127; };
    for (const AdapterTensor& tensor : adapter_tensors(config)) {
      Tensor made{tensor.dtype, tensor.shape, {}};
      std::int64_t n = 1;
      for (const std::int64_t extent : tensor.shape) n *= extent;
      for (std::int64_t i = 0; i < n; ++i) {
        if (tensor.dtype == DType::i8) made.bytes += static_cast<char>(number());
        else if (tensor.dtype == DType::f16) put(made, kernels::half_of_float(scale));
        else if (tensor.dtype == DType::f32) put(made, static_cast<float>(number()) / 64.0F);
        else put(made, static_cast<TokenId>(first + 2 * i));
      }
      tensors[tensor.name] = std::move(made);
    }
  }

  template <class Number>
  static void put(Tensor& tensor, Number number) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    tensor.bytes.append(bytes, sizeof number);
  }
  template <class Number>
  Number at(const std::string& name, std::int64_t index) const {
    Number number;
    std::memcpy(&number,
                tensors.at(name).bytes.data() + static_cast<std::size_t>(index) * sizeof number,
                sizeof number);
    return number;
  }
  template <class Number>
  void set(const std::string& name, std::int64_t index, Number number) {
    std::memcpy(tensors.at(name).bytes.data() + static_cast<std::size_t>(index) * sizeof number,
                &number, sizeof number);
  }
  /// Element [row, column] of a tensor of integers.
  float value(const std::string& name, std::int64_t row, std::int64_t column) const {
    const std::int64_t columns = tensors.at(name).shape[1];
    return static_cast<float>(at<std::int8_t>(name, row * columns + column)) *
           kernels::float_of_half(at<std::uint16_t>(name + ".scale", row * groups_of(columns) +
                                                                         column / kAdapterGroup));
  }

  Result<void> write(const std::filesystem::path& folder) const {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / kAdapterConfigFile) << to_json(config);
    std::vector<TensorToWrite> all;
    for (const auto& [name, tensor] : tensors)
      all.push_back({name, tensor.dtype, tensor.shape, std::as_bytes(std::span(tensor.bytes))});
    return write_safetensors(folder / kAdapterTensorFile, std::move(all), {});
  }
};

}  // namespace inpaint::engine
