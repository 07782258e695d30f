#include "engine/weights/gguf_header.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/weights/gguf_bytes.h"

namespace inpaint::engine {
namespace {

using Type = GgufBytes::Type;

Result<GgufHeader> parse(const std::string& file) {
  return parse_gguf_header(std::as_bytes(std::span(file)), "m.gguf");
}

struct Case {
  const char* name;
  std::string file;
  const char* says;
};

void expect_refused(std::span<const Case> cases) {
  for (const Case& c : cases) {
    auto header = parse(c.file);
    ASSERT_FALSE(header) << c.name;
    EXPECT_EQ(header.error().code, ErrorCode::bad_weights) << c.name;
    EXPECT_EQ(to_string(header.error()), std::string("m.gguf: ") + c.says) << c.name;
  }
}

// 32 bytes of F32 at the given place.
GgufBytes::Tensor eight(std::string name, std::optional<std::uint64_t> offset = {}) {
  return {std::move(name), {8}, 0, std::string(32, '\0'), offset};
}

TEST(GgufHeader, ReadsEveryKindOfValue) {
  GgufBytes file;
  file.key("a.u8", Type::u8, "\xFF").key("a.i8", Type::i8, "\xFF");
  file.key("a.u16", Type::u16, little_endian(std::uint16_t{65535}));
  file.key("a.i16", Type::i16, little_endian(std::int16_t{-2}));
  file.number("a.u32", 4'000'000'000).key("a.i32", Type::i32, little_endian(std::int32_t{-3}));
  file.key("a.u64", Type::u64, little_endian(std::numeric_limits<std::uint64_t>::max()));
  file.key("a.i64", Type::i64, little_endian(std::int64_t{-4}));
  file.real("a.f32", 0.5F).key("a.f64", Type::f64, little_endian(0.1));
  file.flag("a.yes", true).flag("a.no", false).text("a.text", "h\u00e9").text("a.empty", "");
  file.texts("a.texts", {"x", "", "yz"});
  file.values("a.integers", Type::i8, 3, "\x01\xFF\x02");
  file.values("a.flags", Type::boolean, 2, std::string("\0\1", 2));
  file.values("a.reals", Type::f32, 1, little_endian(1.5F));
  file.values("a.nothing", Type::u64, 0, "");
  const auto header = parse(file.bytes());
  ASSERT_TRUE(header) << to_string(header.error());

  const GgufMetadata& read = header->metadata;
  EXPECT_EQ(read.values.size(), 19U);
  const std::pair<const char*, std::int64_t> integers[] = {
      {"a.u8", 255}, {"a.i8", -1},          {"a.u16", 65535}, {"a.i16", -2},
      {"a.i32", -3}, {"a.u32", 4000000000}, {"a.i64", -4}};
  for (const auto& [key, value] : integers) {
    EXPECT_EQ(read.integer(key), value) << key;
    EXPECT_EQ(read.number(key), static_cast<double>(value)) << key;
  }
  EXPECT_EQ(read.integer("a.u64"), std::nullopt) << "more than 63 bits";
  EXPECT_EQ(read.number("a.u64"), 0x1p64);
  EXPECT_EQ(read.number("a.f32"), 0.5);
  EXPECT_EQ(read.number("a.f64"), 0.1);
  EXPECT_EQ(read.integer("a.f32"), std::nullopt);
  EXPECT_EQ(read.flag("a.yes"), true);
  EXPECT_EQ(read.flag("a.no"), false);
  EXPECT_EQ(read.flag("a.u8"), std::nullopt);
  EXPECT_EQ(read.number("a.yes"), std::nullopt);
  EXPECT_EQ(read.text("a.text"), "h\u00e9");
  EXPECT_EQ(read.text("a.empty"), "");
  EXPECT_EQ(read.text("a.missing"), std::nullopt);
  EXPECT_EQ(*read.texts("a.texts"), (std::vector<std::string>{"x", "", "yz"}));
  EXPECT_EQ(*read.integers("a.integers"), (std::vector<std::int64_t>{1, -1, 2}));
  EXPECT_EQ(*read.integers("a.flags"), (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(*read.numbers("a.reals"), (std::vector<double>{1.5}));
  EXPECT_TRUE(read.integers("a.nothing")->empty());
  EXPECT_EQ(read.numbers("a.texts"), nullptr);
}

TEST(GgufHeader, PlacesTensors) {
  for (const std::uint64_t alignment : {8U, 32U, 256U}) {
    GgufBytes file;
    file.alignment = alignment;
    file.number("general.alignment", static_cast<std::uint32_t>(alignment));
    file.tensor({"z", {2, 64}, 8, std::string(2 * 2 * 34, '\1'), {}});  // Q8_0
    file.tensor("a", {3, 2, 1, 5}, 1.0F);
    const auto header = parse(file.bytes());
    ASSERT_TRUE(header) << to_string(header.error());
    ASSERT_EQ(header->tensors.size(), 2U);
    const GgufTensor& a = header->tensors[0];
    const GgufTensor& z = header->tensors[1];
    EXPECT_EQ(a.name, "a");
    EXPECT_EQ(a.shape, (std::vector<std::int64_t>{3, 2, 1, 5}));
    EXPECT_EQ(a.bytes, 3 * 2 * 5 * sizeof(float));
    EXPECT_EQ(z.format, kernels::BlockFormat::q8_0);
    EXPECT_EQ(z.bytes, 136U);
    EXPECT_EQ(z.offset, header->data_begin);
    EXPECT_EQ(header->data_begin % alignment, 0U);
    EXPECT_EQ(a.offset, z.offset + (136 + alignment - 1) / alignment * alignment);
  }
}

TEST(GgufHeader, VersionTwoIsRead) {
  GgufBytes file;
  file.version = 2;
  EXPECT_TRUE(parse(file.number("a", 1).tensor(eight("w")).bytes()));
}

TEST(GgufHeader, AFileWithoutAnythingIsOne) {
  const auto header = parse(GgufBytes().bytes());
  ASSERT_TRUE(header) << to_string(header.error());
  EXPECT_TRUE(header->tensors.empty());
}

TEST(GgufHeader, RefusesWhatIsNoGgufFile) {
  GgufBytes other, first, later, swapped, many;
  other.magic = "ggjt";
  first.version = 1;
  later.version = 4;
  swapped.version = 0x03000000;
  many.n_tensors = 1'000'000;
  const Case cases[] = {
      {"empty", "", "a file of 0 bytes is no GGUF file: fetch the file again"},
      {"three bytes", "GGU", "a file of 3 bytes is no GGUF file: fetch the file again"},
      {"another magic", other.bytes(),
       "not a GGUF file, it begins with 67 67 6a 74: name a *.gguf file"},
      {"version 1", first.bytes(),
       "GGUF version 1, supported are 2 and 3: fetch a newer file of this model, or convert it "
       "again"},
      {"version 4", later.bytes(),
       "GGUF version 4, supported are 2 and 3: fetch a newer file of this model, or convert it "
       "again"},
      {"big endian", swapped.bytes(),
       "a GGUF file of big endian numbers, not supported: fetch a newer file of this model, or "
       "convert it again"},
      {"a million tensors", many.bytes(),
       "1000000 tensors and 0 keys, at most 100000 and 100000 are read: fetch the file again"},
  };
  expect_refused(cases);
}

TEST(GgufHeader, RefusesMetadataThatLies) {
  const auto list_of = [](std::uint32_t type, std::uint64_t count) {
    return GgufBytes().values("k", type, count, "").bytes();
  };
  GgufBytes more_keys, most_keys;
  more_keys.n_keys = 2;
  more_keys.number("k", 1);
  most_keys.n_keys = 90'000;
  const std::string hundred_gb = little_endian(std::uint64_t{100'000'000'000});
  const Case cases[] = {
      {"more keys than bytes", most_keys.bytes(),
       "90000 keys, but only 8 bytes are left in the file (it is cut or lies): wait for the "
       "download to end, or fetch the file again"},
      {"more keys than written", more_keys.bytes(),
       "key 2 of the metadata: its name is not printable ASCII: fetch the file again"},
      {"a text of 100 GB", GgufBytes().key("k", Type::text_type, hundred_gb).bytes(),
       "key k: 100000000000 bytes of text, but only 19 bytes are left in the file (it is cut or "
       "lies): wait for the download to end, or fetch the file again"},
      {"a list of 100 GB", list_of(Type::u8, 100'000'000'000),
       "key k: 100000000000 values in a list, but only 15 bytes are left in the file (it is cut or "
       "lies): wait for the download to end, or fetch the file again"},
      {"a list whose product overflows", list_of(Type::u64, std::uint64_t{1} << 61),
       "key k: 2305843009213693952 values in a list, but only 15 bytes are left in the file (it is "
       "cut "
       "or lies): wait for the download to end, or fetch the file again"},
      {"three texts in 15 bytes", list_of(Type::text_type, 3),
       "key k: 3 values in a list, but only 15 bytes are left in the file (it is cut or lies): "
       "wait "
       "for the download to end, or fetch the file again"},
      {"a list of lists", list_of(Type::list, 1),
       "key k: a list of lists, not supported: fetch the file again"},
      {"a list of nothing known", list_of(13, 1),
       "key k: its type 13 is not one of the format: fetch the file again"},
      {"a value of no type", GgufBytes().key("k", 99, "").bytes(),
       "key k: its type 99 is not one of the format: fetch the file again"},
      {"a flag of 2", GgufBytes().key("k", Type::boolean, "\2").bytes(),
       "key k: 2 is neither true (1) nor false (0): fetch the file again"},
      {"a list with 2^64 - 1",
       GgufBytes().values("k", Type::u64, 1, std::string(8, '\xFF')).bytes(),
       "key k: 18446744073709551615 in a list is more than 63 bits hold: fetch the file again"},
      {"a key twice", GgufBytes().number("k", 1).text("k", "").bytes(),
       "key k: stands twice: fetch the file again"},
      {"a key without a name", GgufBytes().number("", 1).bytes(),
       "key 1 of the metadata: its name is not printable ASCII: fetch the file again"},
      {"a key with a line break", GgufBytes().number("a", 1).number("a\nb", 1).bytes(),
       "key 2 of the metadata: its name is not printable ASCII: fetch the file again"},
      {"a key of 70,000 bytes", GgufBytes().number(std::string(70'000, 'k'), 1).bytes(),
       "key 1 of the metadata: a text of 70000 bytes, at most 65535 are read: fetch the file "
       "again"},
      {"a text of 17 MB", GgufBytes().text("k", std::string(std::size_t{17} << 20, 'x')).bytes(),
       "key k: a text of 17825792 bytes, at most 16777216 are read: fetch the file again"},
      {"five million values",
       GgufBytes().values("k", Type::u8, 5'000'000, std::string(5'000'000, '\0')).bytes(),
       "key k: 5000000 values in a list, at most 4194304 are read of all lists together: fetch the "
       "file again"},
      {"an alignment of 24", GgufBytes().number("general.alignment", 24).bytes(),
       "key general.alignment: expected a power of two below 2^32: fetch the file again"},
      {"an alignment of 0", GgufBytes().number("general.alignment", 0).bytes(),
       "key general.alignment: expected a power of two below 2^32: fetch the file again"},
      {"an alignment of words", GgufBytes().text("general.alignment", "32").bytes(),
       "key general.alignment: expected a power of two below 2^32: fetch the file again"},
  };
  expect_refused(cases);
}

TEST(GgufHeader, RefusesTensorsThatLie) {
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 62;
  const auto one = [](std::vector<std::uint64_t> shape, std::uint32_t type = 0,
                      std::uint64_t offset = 0) {
    return GgufBytes().tensor({"w", std::move(shape), type, "", offset}).bytes();
  };
  GgufBytes more;
  more.n_tensors = 50'000;
  const Case cases[] = {
      {"more tensors than bytes", more.bytes(),
       "50000 tensors, but only 8 bytes are left in the file (it is cut or lies): wait for the "
       "download to end, or fetch the file again"},
      {"no dimensions", one({}), "tensor w: 0 dimensions, expected 1 to 4: fetch the file again"},
      {"five dimensions", one({1, 1, 1, 1, 1}),
       "tensor w: 5 dimensions, expected 1 to 4: fetch the file again"},
      {"a dimension of 0", one({8, 0}), "tensor w: a dimension of 0: fetch the file again"},
      {"a dimension of 2^63", one({std::uint64_t{1} << 63}),
       "tensor w: a dimension of 9223372036854775808: fetch the file again"},
      {"a product that overflows", one({kHuge, 4}),
       "tensor w: the product of its shape [4611686018427387904, 4] overflows: fetch the file "
       "again"},
      {"rows of half a block", one({1, 48}, 8),
       "tensor w: rows of 48 values are no whole blocks of 32 (Q8_0): fetch the file again"},
      {"rows of half a large block", one({1, 128}, 12),
       "tensor w: rows of 128 values are no whole blocks of 256 (Q4_K): fetch the file again"},
      {"a type that is not served", one({1, 32}, 20),
       "tensor w: its type IQ4_NL is not supported: fetch the model in one of F32, F16, Q4_0, "
       "Q4_1, "
       "Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, BF16"},
      {"a ternary type", one({1, 256}, 34),
       "tensor w: its type TQ1_0 is not supported: fetch the model in one of F32, F16, Q4_0, Q4_1, "
       "Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, BF16"},
      {"four bits of another kind", one({1, 32}, 39),
       "tensor w: its type MXFP4 is not supported: fetch the model in one of F32, F16, Q4_0, Q4_1, "
       "Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, BF16"},
      {"a type that nobody knows", one({1, 32}, 4'000'000'000),
       "tensor w: its type number 4000000000 is not supported: fetch the model in one of F32, F16, "
       "Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, BF16"},
      {"an offset between", one({1}, 0, 4),
       "tensor w: its offset 4 is no multiple of 32: fetch the file again"},
      {"an offset near 2^64", one({8}, 0, ~std::uint64_t{31}),
       "tensor w: 32 bytes at offset 18446744073709551584 end behind every file: fetch the file "
       "again"},
      {"a tensor of 100 GB", one({100'000, 250'000}),
       "96 of 100000000096 bytes are there: wait for the download to end, or fetch the file again"},
      {"overlap", GgufBytes().tensor(eight("a")).tensor(eight("b", 0)).bytes(),
       "tensor b: overlaps tensor a: fetch the file again"},
      {"a name twice", GgufBytes().tensor(eight("a")).tensor(eight("b")).tensor(eight("a")).bytes(),
       "tensor a: stands twice: fetch the file again"},
      {"no name", GgufBytes().tensor(eight("")).bytes(),
       "tensor 1 of the file: its name is not printable ASCII: fetch the file again"},
      {"a name with a blank", GgufBytes().tensor(eight("a")).tensor(eight("a b")).bytes(),
       "tensor 2 of the file: its name is not printable ASCII: fetch the file again"},
      {"a name of 2,000 bytes", GgufBytes().tensor(eight(std::string(2000, 'n'))).bytes(),
       "tensor 1 of the file: a text of 2000 bytes, at most 1024 are read: fetch the file again"},
  };
  expect_refused(cases);
}

TEST(GgufHeader, EveryTruncationIsRefused) {
  GgufBytes file;
  file.text("general.name", "n").texts("t", {"a", "b"}).tensor(eight("w")).tensor(eight("x"));
  const std::string whole = file.bytes();
  ASSERT_TRUE(parse(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto header = parse(whole.substr(0, size));
    ASSERT_FALSE(header) << size;
    EXPECT_EQ(header.error().code, ErrorCode::bad_weights) << size;
  }
}

// The window that moves along the file is refilled in the middle of texts and numbers.
TEST(GgufHeader, LongMetadataIsReadInSteps) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 60'000; ++i) tokens.push_back("token " + std::to_string(i));
  GgufBytes file;
  file.texts("tokens", tokens).number("after", 7).tensor(eight("w"));
  const std::string whole = file.bytes();
  std::size_t calls = 0, largest = 0;
  const auto header = parse_gguf_header(
      [&](std::uint64_t offset, std::span<std::byte> out) -> Result<std::size_t> {
        ++calls;
        largest = std::max(largest, out.size());
        std::memcpy(out.data(), whole.data() + offset, out.size());
        return out.size();
      },
      whole.size(), "m.gguf");
  ASSERT_TRUE(header) << to_string(header.error());
  EXPECT_EQ(*header->metadata.texts("tokens"), tokens);
  EXPECT_EQ(header->metadata.integer("after"), 7);
  EXPECT_GT(calls, 3U);
  EXPECT_LE(largest, std::size_t{256} << 10);
}

TEST(GgufHeader, ASourceThatFailsIsSaidAsItIs) {
  const auto failing = [](std::uint64_t, std::span<std::byte>) -> Result<std::size_t> {
    return failure(ErrorCode::io_failed, "disk", "broken");
  };
  EXPECT_EQ(parse_gguf_header(failing, 1000, "m.gguf").error().code, ErrorCode::io_failed);

  const std::string whole = GgufBytes().number("k", 1).bytes();
  const auto cut = [&](std::uint64_t offset, std::span<std::byte> out) -> Result<std::size_t> {
    std::memcpy(out.data(), whole.data() + offset, 10);
    return 10;
  };
  const auto header = parse_gguf_header(cut, whole.size(), "m.gguf");
  ASSERT_FALSE(header);
  EXPECT_EQ(to_string(header.error()),
            "m.gguf: the file was cut while it was open, 10 of 64 bytes are left: fetch the file "
            "again, then restart");
}

}  // namespace
}  // namespace inpaint::engine
