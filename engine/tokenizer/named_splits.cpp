#include "engine/tokenizer/named_splits.h"

#include <algorithm>
#include <array>

namespace inpaint::engine {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kGpt2 = {kGpt2Split};

// Every digit alone, then as GPT-2.
constexpr std::array kStarcoder = {R"(\p{N})"sv, kGpt2Split};

constexpr std::array kLlama3 = {
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"sv};

// As Llama 3, but every digit alone.
constexpr std::array kQwen2 = {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|)"
                               R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"sv};

// As Qwen 2, with marks as parts of words.
constexpr std::array kQwen35 = {
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}|)"
    R"( ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"sv};

// As Qwen 2, but line ends never belong to punctuation.
constexpr std::array kSeedCoder = {
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}|)"
    R"( ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+)"sv};

constexpr std::string_view kLineEnd = R"([\r\n])";
// Most of the scripts of Asia.
constexpr std::string_view kAsianScripts =
    R"([\x{4E00}-\x{9FA5}\x{800}-\x{4E00}\x{AC00}-\x{D7FF}]+)";

constexpr std::array kDeepseekCoder = {kLineEnd, R"(\s?\p{L}+)"sv, R"(\s?\p{P}+)"sv, kAsianScripts,
                                       R"(\p{N})"sv};

// The second pattern lists the letters that have cases, as of some version of Unicode.
constexpr std::array kDeepseekLlm = {
    kLineEnd,
    R"(\s?[A-Za-z\x{B5}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{1BA}\x{1BC}-\x{1BF}\x{1C4}-\x{293})"
    R"(\x{295}-\x{2AF}\x{370}-\x{373}\x{376}\x{377}\x{37B}-\x{37D}\x{37F}\x{386}\x{388}-\x{38A})"
    R"(\x{38C}\x{38E}-\x{3A1}\x{3A3}-\x{3F5}\x{3F7}-\x{481}\x{48A}-\x{52F}\x{531}-\x{556})"
    R"(\x{10A0}-\x{10C5}\x{13A0}-\x{13F5}\x{13F8}-\x{13FD}\x{1C90}-\x{1CBA}\x{1CBD}-\x{1CBF})"
    R"(\x{1D00}-\x{1D2B}\x{1D6B}-\x{1D77}\x{1D79}-\x{1D9A}\x{1E00}-\x{1F15}\x{1F18}-\x{1F1D})"
    R"(\x{1F20}-\x{1F45}\x{1F48}-\x{1F4D}\x{1F50}-\x{1F57}\x{1F59}\x{1F5B}\x{1F5D})"
    R"(\x{1F5F}-\x{1F7D}\x{1F80}-\x{1FB4}\x{1FB6}-\x{1FBC}\x{1FBE}\x{1FC2}-\x{1FC4})"
    R"(\x{1FC6}-\x{1FCC}\x{1FD0}-\x{1FD3}\x{1FD6}-\x{1FDB}\x{1FE0}-\x{1FEC}\x{1FF2}-\x{1FF4})"
    R"(\x{1FF6}-\x{1FFC}\x{2102}\x{2107}\x{210A}-\x{2113}\x{2115}\x{2119}-\x{211D}\x{2124})"
    R"(\x{2126}\x{2128}\x{212A}-\x{212D}\x{212F}-\x{2134}\x{2139}\x{213C}-\x{213F})"
    R"(\x{2145}-\x{2149}\x{214E}\x{2183}\x{2184}\x{2C00}-\x{2C7B}\x{2C7E}-\x{2CE4})"
    R"(\x{2CEB}-\x{2CEE}\x{2CF2}\x{2CF3}\x{A640}-\x{A66D}\x{A680}-\x{A69B}\x{A722}-\x{A76F})"
    R"(\x{A771}-\x{A787}\x{A78B}-\x{A78E}\x{AB70}-\x{ABBF}\x{FB00}-\x{FB06}\x{FB13}-\x{FB17})"
    R"(\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{10400}-\x{1044F}\x{104B0}-\x{104D3})"
    R"(\x{104D8}-\x{104FB}\x{10C80}-\x{10CB2}\x{10CC0}-\x{10CF2}\x{118A0}-\x{118DF})"
    R"(\x{1E900}-\x{1E943}]+)"sv,
    R"(\s?[!-/:-~\x{FF01}-\x{FF0F}\x{FF1A}-\x{FF5E}\x{2018}-\x{201F}\x{3000}-\x{3002}]+)"sv,
    R"(\s+$)"sv,
    kAsianScripts,
    R"(\p{N}+)"sv};

constexpr std::array kSplits = {
    NamedSplit{"dbrx", kLlama3},
    NamedSplit{"deepseek-coder", kDeepseekCoder},
    NamedSplit{"deepseek-llm", kDeepseekLlm},
    NamedSplit{"deepseek-r1-qwen", kQwen2},
    NamedSplit{"gpt-2", kGpt2},
    NamedSplit{"llama-bpe", kLlama3, true},
    NamedSplit{"llama-v3", kLlama3, true},
    NamedSplit{"llama3", kLlama3, true},
    NamedSplit{"mellum", kGpt2},
    NamedSplit{"qwen2", kQwen2},
    NamedSplit{"qwen35", kQwen35},
    NamedSplit{"refact", kStarcoder},
    NamedSplit{"seed-coder", kSeedCoder},
    NamedSplit{"smollm", kStarcoder},
    NamedSplit{"starcoder", kStarcoder},
};

}  // namespace

const NamedSplit* find_named_split(std::string_view name) {
  const auto* place = std::ranges::find(kSplits, name, &NamedSplit::name);
  return place == kSplits.end() ? nullptr : place;
}

std::string names_of_splits() {
  std::string names;
  for (const NamedSplit& split : kSplits) {
    if (!names.empty()) names += ", ";
    names += split.name;
  }
  return names;
}

}  // namespace inpaint::engine
