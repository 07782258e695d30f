// Writes the bytes of GGUF files for tests: good ones, and each kind of bad one.
//
// Source: the GGUF specification of ggml (docs/gguf.md), version 3, little endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace inpaint::engine {

template <class Number>
std::string little_endian(Number value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

inline std::string gguf_text(std::string_view text) {
  return little_endian(std::uint64_t{text.size()}) + std::string(text);
}

class GgufBytes {
 public:
  // As the format numbers them.
  enum Type : std::uint32_t {
    u8,
    i8,
    u16,
    i16,
    u32,
    i32,
    f32,
    boolean,
    text_type,
    list,
    u64,
    i64,
    f64
  };

  // What a lying file says instead.
  std::string magic = "GGUF";
  std::uint32_t version = 3;
  std::optional<std::uint64_t> n_tensors, n_keys;
  std::uint64_t alignment = 32;  // of what is written; the key is the caller's matter

  GgufBytes& key(std::string_view name, std::uint32_t type, std::string_view value) {
    keys_ += gguf_text(name) + little_endian(type) + std::string(value);
    ++keys_written_;
    return *this;
  }
  GgufBytes& text(std::string_view name, std::string_view value) {
    return key(name, text_type, gguf_text(value));
  }
  GgufBytes& number(std::string_view name, std::uint32_t value) {
    return key(name, u32, little_endian(value));
  }
  GgufBytes& real(std::string_view name, float value) {
    return key(name, f32, little_endian(value));
  }
  GgufBytes& flag(std::string_view name, bool value) {
    return key(name, boolean, std::string(1, value ? '\1' : '\0'));
  }
  GgufBytes& values(std::string_view name, std::uint32_t type, std::uint64_t count,
                    std::string_view data) {
    return key(name, list, little_endian(type) + little_endian(count) + std::string(data));
  }
  GgufBytes& texts(std::string_view name, const std::vector<std::string>& all) {
    std::string data;
    for (const std::string& one : all) data += gguf_text(one);
    return values(name, text_type, all.size(), data);
  }

  struct Tensor {
    std::string name;
    std::vector<std::uint64_t> shape;  // outermost first
    std::uint32_t type = 0;            // F32
    std::string data;
    std::optional<std::uint64_t> offset;  // nothing: behind the one before
  };
  GgufBytes& tensor(Tensor tensor) {
    tensors_.push_back(std::move(tensor));
    return *this;
  }
  /// Of F32, every value the same.
  GgufBytes& tensor(std::string name, std::vector<std::uint64_t> shape, float value) {
    std::uint64_t n = 1;
    for (const std::uint64_t extent : shape) n *= extent;
    std::string data;
    for (std::uint64_t i = 0; i < n; ++i) data += little_endian(value);
    return tensor({std::move(name), std::move(shape), 0, std::move(data), {}});
  }

  std::string bytes() const {
    std::string table, data;
    for (const Tensor& tensor : tensors_) {
      table += gguf_text(tensor.name);
      table += little_endian(static_cast<std::uint32_t>(tensor.shape.size()));
      for (std::size_t i = tensor.shape.size(); i-- > 0;) table += little_endian(tensor.shape[i]);
      table += little_endian(tensor.type);
      table += little_endian(tensor.offset.value_or(data.size()));
      data += tensor.data;
      pad(data);
    }
    std::string all = magic + little_endian(version) +
                      little_endian(n_tensors.value_or(tensors_.size())) +
                      little_endian(n_keys.value_or(keys_written_)) + keys_ + table;
    pad(all);
    return all + data;
  }

 private:
  void pad(std::string& bytes) const {
    bytes.resize((bytes.size() + alignment - 1) / alignment * alignment, '\0');
  }

  std::string keys_;
  std::uint64_t keys_written_ = 0;
  std::vector<Tensor> tensors_;
};

}  // namespace inpaint::engine
