// The metadata of a GGUF file: read from its header, and looked up whatever width a writer gave to
// numbers.

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "engine/weights/gguf_file.h"
#include "engine/weights/gguf_header.h"

namespace inpaint::engine {
namespace {

constexpr std::uint64_t kMaxKeyBytes = 65'535;  // the format's
// Bounds of what a lying file may cost: chat templates have some 10,000 bytes, and all lists of the
// largest vocabularies together some 2 million values.
constexpr std::uint64_t kMaxTextBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kMaxListValues = std::uint64_t{1} << 22;

enum class ValueType : std::uint32_t {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  f32,
  boolean,
  text,
  list,
  u64,
  i64,
  f64
};
constexpr std::uint32_t kValueTypes = 13;

// Bytes of a value of this type; of a text the least.
std::uint64_t least_bytes(ValueType type) {
  using enum ValueType;
  if (type == u8 || type == i8 || type == boolean) return 1;
  if (type == u16 || type == i16) return 2;
  return type == u32 || type == i32 || type == f32 ? 4 : 8;
}

class MetadataReader {
 public:
  explicit MetadataReader(GgufHeaderBytes& bytes) : bytes_(bytes) {}

  void read_key(GgufMetadata& metadata) {
    std::string key = bytes_.text(kMaxKeyBytes);
    if (!is_gguf_name(key)) bytes_.refuse("its name is not printable ASCII");
    if (bytes_.failed()) return;
    bytes_.enter("key " + key);
    GgufValue value = read_value();
    if (!metadata.values.emplace(std::move(key), std::move(value)).second)
      bytes_.refuse("stands twice");
  }

 private:
  ValueType read_type() {
    const auto type = bytes_.number<std::uint32_t>();
    if (type >= kValueTypes)
      bytes_.refuse(fmt::format("its type {} is not one of the format", type));
    return static_cast<ValueType>(type);
  }

  GgufValue read_value() {
    switch (const ValueType type = read_type(); type) {
      case ValueType::boolean: return read_flag();
      case ValueType::text: return bytes_.text(kMaxTextBytes);
      case ValueType::list: return read_list();
      case ValueType::f32:
      case ValueType::f64: return read_double(type);
      case ValueType::u64: return bytes_.number<std::uint64_t>();
      default: return read_integer(type);
    }
  }

  bool read_flag() {
    const auto byte = bytes_.number<std::uint8_t>();
    if (byte > 1) bytes_.refuse(fmt::format("{} is neither true (1) nor false (0)", byte));
    return byte == 1;
  }

  double read_double(ValueType type) {
    return type == ValueType::f32 ? bytes_.number<float>() : bytes_.number<double>();
  }

  // Flags count as 0 and 1.
  std::int64_t read_integer(ValueType type) {
    switch (type) {
      case ValueType::boolean: return read_flag() ? 1 : 0;
      case ValueType::u8: return bytes_.number<std::uint8_t>();
      case ValueType::i8: return bytes_.number<std::int8_t>();
      case ValueType::u16: return bytes_.number<std::uint16_t>();
      case ValueType::i16: return bytes_.number<std::int16_t>();
      case ValueType::u32: return bytes_.number<std::uint32_t>();
      case ValueType::i32: return bytes_.number<std::int32_t>();
      case ValueType::i64: return bytes_.number<std::int64_t>();
      default: break;
    }
    const auto value = bytes_.number<std::uint64_t>();
    if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
      bytes_.refuse(fmt::format("{} in a list is more than 63 bits hold", value));
    return static_cast<std::int64_t>(value);
  }

  GgufValue read_list() {
    const ValueType type = read_type();
    if (type == ValueType::list) bytes_.refuse("a list of lists, not supported");
    const auto count = bytes_.number<std::uint64_t>();
    if (!bytes_.can_hold(count, least_bytes(type), "values in a list")) return false;
    if (count > kMaxListValues - values_) {
      bytes_.refuse(fmt::format("{} values in a list, at most {} are read of all lists together",
                                count, kMaxListValues));
      return false;
    }
    values_ += count;
    if (type == ValueType::text)
      return read_values<std::string>(count, [this] { return bytes_.text(kMaxTextBytes); });
    if (type == ValueType::f32 || type == ValueType::f64)
      return read_values<double>(count, [this, type] { return read_double(type); });
    return read_values<std::int64_t>(count, [this, type] { return read_integer(type); });
  }

  template <class T, class Read>
  std::vector<T> read_values(std::uint64_t count, Read read) {
    std::vector<T> values;
    values.reserve(static_cast<std::size_t>(count));
    while (values.size() < count && !bytes_.failed()) values.push_back(read());
    return values;
  }

  GgufHeaderBytes& bytes_;
  std::uint64_t values_ = 0;  // of all lists so far
};

template <class Kind>
const Kind* find_as(const GgufMetadata& metadata, std::string_view key) {
  auto place = metadata.values.find(key);
  return place == metadata.values.end() ? nullptr : std::get_if<Kind>(&place->second);
}

}  // namespace

bool is_gguf_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return '!' <= c && c <= '~'; });
}

GgufMetadata read_gguf_metadata(GgufHeaderBytes& bytes, std::uint64_t n_keys) {
  GgufMetadata metadata;
  MetadataReader reader(bytes);
  for (std::uint64_t i = 0; i < n_keys && !bytes.failed(); ++i) {
    bytes.enter(fmt::format("key {} of the metadata", i + 1));
    reader.read_key(metadata);
  }
  bytes.enter("");
  return metadata;
}

std::optional<std::string_view> GgufMetadata::text(std::string_view key) const {
  const auto* value = find_as<std::string>(*this, key);
  if (value == nullptr) return std::nullopt;
  return *value;
}

std::optional<std::int64_t> GgufMetadata::integer(std::string_view key) const {
  if (const auto* value = find_as<std::int64_t>(*this, key)) return *value;
  const auto* value = find_as<std::uint64_t>(*this, key);
  if (value == nullptr || *value > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
    return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::optional<double> GgufMetadata::number(std::string_view key) const {
  if (const auto* value = find_as<double>(*this, key)) return *value;
  if (const auto* value = find_as<std::int64_t>(*this, key)) return static_cast<double>(*value);
  if (const auto* value = find_as<std::uint64_t>(*this, key)) return static_cast<double>(*value);
  return std::nullopt;
}

std::optional<bool> GgufMetadata::flag(std::string_view key) const {
  const auto* value = find_as<bool>(*this, key);
  if (value == nullptr) return std::nullopt;
  return *value;
}

const std::vector<std::string>* GgufMetadata::texts(std::string_view key) const {
  return find_as<std::vector<std::string>>(*this, key);
}

const std::vector<std::int64_t>* GgufMetadata::integers(std::string_view key) const {
  return find_as<std::vector<std::int64_t>>(*this, key);
}

const std::vector<double>* GgufMetadata::numbers(std::string_view key) const {
  return find_as<std::vector<double>>(*this, key);
}

}  // namespace inpaint::engine
