#include "engine/training/corpus/shard.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/base/file_handle.h"
#include "engine/base/utf8.h"
#include "engine/training/corpus/zstd_frame.h"

namespace inpaint::engine {
namespace {

constexpr std::string_view kMagic = "INPSHRD1";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 8 + 2 * 4 + 4 * 8;

struct Header {
  std::uint32_t documents = 0;
  std::uint64_t texts = 0, packed_texts = 0, index = 0, packed_index = 0;
};

std::unexpected<Error> bad(const std::string& name, std::string why) {
  return failure(ErrorCode::bad_data, name, std::move(why), "fetch or pack the shard again");
}

template <class T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff));
}

/// Reads numbers and strings off the front of a text, never past its end.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}
  template <class T>
  bool number(T& value) {
    if (rest_.size() < sizeof(T)) return false;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      bits |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
    value = static_cast<T>(bits);
    rest_.remove_prefix(sizeof(T));
    return true;
  }
  bool string(std::string& value) {
    std::uint16_t length = 0;
    if (!number(length) || rest_.size() < length) return false;
    value.assign(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return valid_utf8_prefix(value) == value.size();
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

Result<Header> parse_header(std::string_view bytes, std::uint64_t file_bytes,
                            const std::string& name, const ShardLimits& limits) {
  if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic))
    return bad(name, "it is not a shard");
  Cursor cursor(bytes.substr(kMagic.size()));
  std::uint32_t version = 0;
  Header header;
  cursor.number(version);
  cursor.number(header.documents);
  cursor.number(header.texts);
  cursor.number(header.packed_texts);
  cursor.number(header.index);
  cursor.number(header.packed_index);
  if (version != kVersion)
    return failure(ErrorCode::bad_data, name,
                   fmt::format("shard version {}, this program reads {}", version, kVersion),
                   "pack it again with this program");
  if (header.documents > limits.max_documents || header.texts > limits.max_text_bytes ||
      header.index > limits.max_index_bytes)
    return bad(name, fmt::format("it claims {} documents, {} bytes of text and {} of index, above "
                                 "the limits {}, {} and {}",
                                 header.documents, header.texts, header.index, limits.max_documents,
                                 limits.max_text_bytes, limits.max_index_bytes));
  const std::uint64_t rest = file_bytes - kHeaderBytes;
  if (header.packed_texts > rest || header.packed_index != rest - header.packed_texts)
    return bad(name, fmt::format("it claims parts of {} and {} bytes in a file of {}",
                                 header.packed_texts, header.packed_index, file_bytes));
  return header;
}

Result<std::vector<ShardEntry>> parse_index(std::string_view packed, const Header& header,
                                            const std::string& name, const ShardLimits& limits) {
  Result<std::string> index = unpack_frame(packed, header.index, name);
  if (!index) return std::unexpected(index.error());
  std::vector<ShardEntry> entries;
  Cursor cursor(*index);
  std::uint64_t begin = 0;
  for (std::uint32_t i = 0; i < header.documents; ++i) {
    ShardEntry entry;
    if (!cursor.string(entry.language) || !cursor.string(entry.package) ||
        !cursor.string(entry.path) || !cursor.string(entry.licence) || !cursor.number(entry.bytes))
      return bad(name, fmt::format("the index ends or is no UTF-8 at document {} of {}", i,
                                   header.documents));
    if (entry.bytes > limits.max_document_bytes || entry.bytes > header.texts - begin)
      return bad(name, fmt::format("document {} claims {} bytes, {} are left", i, entry.bytes,
                                   header.texts - begin));
    entry.begin = begin;
    begin += entry.bytes;
    entries.push_back(std::move(entry));
  }
  if (!cursor.at_end() || begin != header.texts)
    return bad(
        name, fmt::format("the index counts {} bytes of text, the header {}", begin, header.texts));
  return entries;
}

Result<void> check_document(const Document& document, const ShardLimits& limits) {
  for (const std::string* field :
       {&document.language, &document.package, &document.path, &document.licence})
    if (field->size() > UINT16_MAX || valid_utf8_prefix(*field) != field->size())
      return failure(ErrorCode::bad_argument, document.path, "a name is too long or no UTF-8");
  if (document.text.size() > limits.max_document_bytes)
    return failure(ErrorCode::bad_argument, document.path,
                   fmt::format("{} bytes, a document may have {}", document.text.size(),
                               limits.max_document_bytes));
  if (valid_utf8_prefix(document.text) != document.text.size())
    return failure(ErrorCode::bad_argument, document.path, "the text is not UTF-8");
  return {};
}

}  // namespace

Result<Shard> Shard::parse(const std::string& bytes, std::string name, const ShardLimits& limits) {
  Result<Header> header = parse_header(bytes, bytes.size(), name, limits);
  if (!header) return std::unexpected(header.error());
  const std::string_view view(bytes);
  Result<std::vector<ShardEntry>> entries =
      parse_index(view.substr(kHeaderBytes + header->packed_texts), *header, name, limits);
  if (!entries) return std::unexpected(entries.error());
  Shard shard;
  shard.name_ = std::move(name);
  shard.packed_ = view.substr(kHeaderBytes, header->packed_texts);
  shard.entries_ = std::move(*entries);
  shard.text_bytes_ = header->texts;
  shard.packed_bytes_ = header->packed_texts;
  shard.file_bytes_ = bytes.size();
  return shard;
}

Result<Shard> Shard::open(const std::filesystem::path& path, const ShardLimits& limits) {
  Result<FileHandle> file = FileHandle::open_to_read(path);
  if (!file) return std::unexpected(file.error());
  Result<std::uint64_t> size = file->size(path);
  if (!size) return std::unexpected(size.error());
  auto read = [&](std::uint64_t offset, std::uint64_t bytes) -> Result<std::string> {
    std::string part(bytes, '\0');
    Result<std::size_t> got = file->read_at(offset, std::as_writable_bytes(std::span(part)), path);
    if (!got) return std::unexpected(got.error());
    part.resize(*got);
    return part;
  };
  Result<std::string> head = read(0, kHeaderBytes);
  if (!head) return std::unexpected(head.error());
  Result<Header> header = parse_header(*head, *size, path.string(), limits);
  if (!header) return std::unexpected(header.error());
  // Bounded by the size of the file, which parse_header compared with.
  Result<std::string> packed = read(kHeaderBytes + header->packed_texts, header->packed_index);
  if (!packed) return std::unexpected(packed.error());
  Result<std::vector<ShardEntry>> entries = parse_index(*packed, *header, path.string(), limits);
  if (!entries) return std::unexpected(entries.error());
  Shard shard;
  shard.path_ = path;
  shard.name_ = path.string();
  shard.entries_ = std::move(*entries);
  shard.text_bytes_ = header->texts;
  shard.packed_bytes_ = header->packed_texts;
  shard.file_bytes_ = *size;
  return shard;
}

Result<ShardTexts> Shard::read_texts() const {
  std::string from_file;
  if (!path_.empty()) {
    Result<FileHandle> file = FileHandle::open_to_read(path_);
    if (!file) return std::unexpected(file.error());
    from_file.resize(packed_bytes_);
    Result<std::size_t> got =
        file->read_at(kHeaderBytes, std::as_writable_bytes(std::span(from_file)), path_);
    if (!got) return std::unexpected(got.error());
    if (*got != packed_bytes_) return bad(name_, "the file has become shorter");
  }
  Result<ShardTexts> texts = unpack_frame(path_.empty() ? packed_ : from_file, text_bytes_, name_);
  if (!texts) return texts;
  for (const ShardEntry& entry : entries_) {
    const std::string_view text = std::string_view(*texts).substr(entry.begin, entry.bytes);
    if (valid_utf8_prefix(text) != text.size())
      return bad(name_, "the text of " + entry.path + " is not UTF-8");
  }
  return texts;
}

Document Shard::document(const ShardEntry& entry, std::string_view texts) {
  return {entry.language, entry.package, entry.path, entry.licence,
          std::string(texts.substr(entry.begin, entry.bytes))};
}

Result<std::string> pack_shard(std::span<const Document> documents, int level,
                               const ShardLimits& limits) {
  std::string texts, index;
  for (const Document& document : documents) {
    if (Result<void> fine = check_document(document, limits); !fine)
      return std::unexpected(fine.error());
    for (const std::string* field :
         {&document.language, &document.package, &document.path, &document.licence}) {
      put(index, static_cast<std::uint16_t>(field->size()));
      index += *field;
    }
    put(index, static_cast<std::uint32_t>(document.text.size()));
    texts += document.text;
  }
  if (documents.size() > limits.max_documents || texts.size() > limits.max_text_bytes ||
      index.size() > limits.max_index_bytes)
    return failure(ErrorCode::bad_argument, "a shard",
                   fmt::format("{} documents of {} bytes are too many for one", documents.size(),
                               texts.size()),
                   "pack smaller shards");
  Result<std::string> packed_texts = pack_frame(texts, level);
  if (!packed_texts) return packed_texts;
  Result<std::string> packed_index = pack_frame(index, level);
  if (!packed_index) return packed_index;
  std::string file(kMagic);
  put(file, kVersion);
  put(file, static_cast<std::uint32_t>(documents.size()));
  put(file, static_cast<std::uint64_t>(texts.size()));
  put(file, static_cast<std::uint64_t>(packed_texts->size()));
  put(file, static_cast<std::uint64_t>(index.size()));
  put(file, static_cast<std::uint64_t>(packed_index->size()));
  file += *packed_texts;
  file += *packed_index;
  return file;
}

Result<std::uint64_t> write_shard(const std::filesystem::path& path,
                                  std::span<const Document> documents, int level) {
  Result<std::string> file = pack_shard(documents, level);
  if (!file) return std::unexpected(file.error());
  if (Result<void> written = write_file_atomically(path, *file); !written)
    return std::unexpected(written.error());
  return file->size();
}

}  // namespace inpaint::engine
