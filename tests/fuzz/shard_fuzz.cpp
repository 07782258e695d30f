// Shards: any bytes give documents or an Error, within the limits, and what is accepted packs again
// to the same documents. Bytes that are no shard are tried as a never-train list too.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/training/corpus/shard.h"
#include "engine/training/corpus/shard_check.h"
#include "engine/training/corpus/zstd_frame.h"

using namespace inpaint::engine;  // a program of one function

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  // Small limits: a frame of a few bytes may rightly unpack to megabytes, which only costs time.
  const ShardLimits limits{1 << 20, 1 << 18, 1 << 12, 1 << 20};
  if (auto shard = Shard::parse(bytes, "fuzz", limits)) {
    if (auto texts = shard->read_texts()) {
      require(texts->size() == shard->text_bytes());
      std::vector<Document> documents;
      for (const ShardEntry& entry : shard->entries()) {
        require(entry.begin + entry.bytes <= texts->size());
        documents.push_back(Shard::document(entry, *texts));
        require(documents.back().text.size() == entry.bytes);
      }
      auto again = pack_shard(documents, 1);
      require(again.has_value());
      auto reread = Shard::parse(*again, "again");
      require(reread.has_value());
      require(reread->read_texts() == texts);
    }
  }
  if (auto text = unpack_frame(bytes, 4096, "fuzz")) require(text->size() == 4096);
  const std::vector<std::string> names = {bytes};
  NeverTrain(names).match(bytes, bytes);
  return 0;
}
