#include "engine/tokenizer/tokenizer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "engine/base/file_handle.h"
#include "engine/tokenizer/bpe_description.h"
#include "engine/tokenizer/byte_pair_merger.h"
#include "engine/tokenizer/piece_splitter.h"
#include "engine/tokenizer/prefix_index.h"
#include "engine/tokenizer/text_cutter.h"
#include "engine/tokenizer/vocabulary.h"

namespace inpaint::engine {
namespace {

constexpr std::uint64_t kMaxFileBytes = 64 << 20;

// Remembers where in the output the tokens of a piece stand already. It lives for one call, so it
// needs no lock, and a new piece simply takes the place of an old one, so it cannot grow.
class RecentPieces {
 public:
  struct Place {
    std::string_view piece;
    std::uint32_t first = 0;  // index of the first token in the output
    std::uint32_t count = 0;
  };

  explicit RecentPieces(std::size_t text_bytes)
      : places_(std::bit_ceil(std::clamp<std::size_t>(text_bytes / 16, 16, 1 << 14))) {}

  Place& slot(std::string_view piece) {
    std::uint64_t hash = piece.size();
    for (std::size_t at = 0; at < piece.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, piece.data() + at, std::min<std::size_t>(8, piece.size() - at));
      hash = (std::rotl(hash, 5) ^ word) * 0x9E3779B97F4A7C15ULL;
    }
    return places_[(hash >> 40) & (places_.size() - 1)];
  }

 private:
  std::vector<Place> places_;
};

constexpr std::size_t kRememberedBytes = 64;  // longer pieces hardly ever come twice

std::vector<std::int32_t> ids_with_bytes(const Vocabulary& vocabulary) {
  std::vector<std::int32_t> ids;
  ids.reserve(vocabulary.bytes.size());
  for (std::size_t id = 0; id < vocabulary.bytes.size(); ++id) {
    if (!vocabulary.bytes[id].empty()) ids.push_back(static_cast<std::int32_t>(id));
  }
  return ids;
}

}  // namespace

struct Tokenizer::Tables {
  Tables(Vocabulary words, PieceSplitter pieces)
      : vocabulary(std::move(words)),
        cutter(vocabulary, std::move(pieces)),
        merger(vocabulary),
        by_bytes(vocabulary.bytes, ids_with_bytes(vocabulary)) {}
  // The others point into it: Tables are built in place and never moved.
  Vocabulary vocabulary;
  TextCutter cutter;
  BytePairMerger merger;
  PrefixIndex by_bytes;
};

Result<Tokenizer> Tokenizer::load(const std::filesystem::path& tokenizer_json) {
  auto text = read_whole_file(tokenizer_json, kMaxFileBytes);
  if (!text) return std::unexpected(text.error());
  return parse(*text, tokenizer_json.string());
}

Result<Tokenizer> Tokenizer::parse(std::string_view json, const std::string& name) {
  return from_vocabulary(parse_vocabulary(json, name), name);
}

Result<Tokenizer> Tokenizer::from_description(const BpeDescription& description,
                                              const std::string& name) {
  return from_vocabulary(read_description(description, name), name);
}

Result<Tokenizer> Tokenizer::from_vocabulary(Result<Vocabulary> vocabulary,
                                             const std::string& name) {
  if (!vocabulary) return std::unexpected(vocabulary.error());
  auto splitter = PieceSplitter::compile(vocabulary->split_patterns, name);
  if (!splitter) return std::unexpected(splitter.error());
  return Tokenizer(std::make_shared<const Tables>(std::move(*vocabulary), std::move(*splitter)));
}

std::vector<Token> Tokenizer::encode(std::string_view text) const {
  const BytePairMerger& merger = tables_->merger;
  std::vector<std::int32_t> ids;
  ids.reserve(text.size() / 3 + 1);
  RecentPieces recent(text.size());
  BytePairMerger::Scratch scratch;
  std::size_t begin = 0;
  for (const Piece& cut : tables_->cutter.cut(text)) {
    std::string_view piece = text.substr(begin, cut.end - begin);
    begin = cut.end;
    if (cut.added >= 0) {
      ids.push_back(cut.added);
      continue;
    }
    if (piece.size() > kRememberedBytes) {
      merger.encode(piece, scratch, ids);
      continue;
    }
    RecentPieces::Place& place = recent.slot(piece);
    if (place.piece == piece) {
      for (std::uint32_t i = 0; i < place.count; ++i) ids.push_back(ids[place.first + i]);
      continue;
    }
    std::size_t first = ids.size();
    merger.encode(piece, scratch, ids);
    place = {piece, static_cast<std::uint32_t>(first),
             static_cast<std::uint32_t>(ids.size() - first)};
  }

  std::vector<Token> tokens;
  tokens.reserve(ids.size());
  std::size_t byte = 0;
  for (std::int32_t id : ids) {
    std::size_t size = tables_->vocabulary.bytes[static_cast<std::size_t>(id)].size();
    tokens.push_back({id, {byte, byte + size}});
    byte += size;
  }
  return tokens;
}

std::string Tokenizer::decode(std::span<const TokenId> ids) const {
  std::string text;
  for (TokenId id : ids) text += bytes(id);
  return text;
}

std::string_view Tokenizer::bytes(TokenId id) const {
  if (id < 0 || id >= size()) return {};
  return tables_->vocabulary.bytes[static_cast<std::size_t>(id)];
}

std::vector<TokenId> Tokenizer::tokens_compatible_with(std::string_view bytes) const {
  return tables_->by_bytes.compatible_with(bytes);
}

std::size_t Tokenizer::last_piece_begin(std::string_view text) const {
  const std::vector<Piece> pieces = tables_->cutter.cut(text);
  return pieces.size() < 2 ? 0 : pieces[pieces.size() - 2].end;
}

int Tokenizer::size() const { return static_cast<int>(tables_->vocabulary.bytes.size()); }

std::optional<TokenId> Tokenizer::special(std::string_view name) const {
  auto place = tables_->vocabulary.special.find(name);
  if (place == tables_->vocabulary.special.end()) return std::nullopt;
  return place->second;
}

bool Tokenizer::is_special(TokenId id) const {
  return id >= 0 && id < size() &&
         tables_->vocabulary.kinds[static_cast<std::size_t>(id)] == Vocabulary::Kind::special;
}

std::vector<TokenId> Tokenizer::without_text(int vocabulary) const {
  std::vector<TokenId> ids;
  for (TokenId id = 0; id < vocabulary; ++id)
    if (bytes(id).empty()) ids.push_back(id);
  return ids;
}

}  // namespace inpaint::engine
