// A matrix of weights as the file has it, and products of a few rows with it.
//
// y[row, output] = sum over input of x[row, input] * weights[output, input]. Of a format with blocks,
// x is rounded to 8 bits in blocks of 32 and the sums inside of a block are of integers; of plain
// formats everything is f32. A row's result is the same, to the bit, in any company and on any number
// of threads.
//
// Shapes: weights [outputs, inputs], x [rows, inputs] f32, y [rows, outputs] f32, dense.
// Thread rule: immutable; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/kernels/block_format.h"
#include "engine/kernels/thread_pool.h"

namespace inpaint::engine::kernels {

class QuantisedMatrix {
 public:
  QuantisedMatrix() = default;
  /// Takes the file's bytes and lays them out as products want them. `inputs` are whole blocks;
  /// data.size() == outputs * bytes_of(format, inputs). Formats without a product of their own become
  /// q8_0.
  QuantisedMatrix(BlockFormat format, std::int64_t outputs, std::int64_t inputs,
                  std::vector<std::byte> data);

  std::int64_t outputs() const { return outputs_; }
  std::int64_t inputs() const { return inputs_; }
  BlockFormat format() const { return format_; }  // that products run in
  bool empty() const { return outputs_ == 0; }
  std::size_t bytes() const { return bytes_; }

  /// The weights of one output [inputs], as f32: a look-up in a table of embeddings.
  void row(std::int64_t output, float* to) const;

  void multiply(const float* x, std::int64_t rows, float* y, ThreadPool& pool) const;

  /// For these outputs alone: y [rows, outputs.size()].
  void multiply_some(const float* x, std::int64_t rows, std::span<const std::int32_t> outputs,
                     float* y, ThreadPool& pool) const;

 private:
  BlockFormat format_ = BlockFormat::f32;
  std::int64_t outputs_ = 0, inputs_ = 0;
  std::size_t bytes_ = 0;
  std::shared_ptr<const std::byte[]> data_;  // strips: quantised_strip.h
};

}  // namespace inpaint::engine::kernels
