// What the rest of Inpaint sees of the engine: a text with holes goes in, fills come out.
//
// The engine speaks bytes and tokens. It never sees a URI, a line or column, an editor's protocol
// or a socket. This header is free of torch: the engine itself lives in a shared object that
// engine/library.h opens on demand, so that `--help` and `initialize` do not pay for it.
//
// Thread rule: one thread at a time. An Engine has no thread and no queue: fill() does its work on
// the thread that calls it, weights and caches are touched by nobody else meanwhile. Whoever opens
// an engine had better ask it and let go of it on the same thread, because torch keeps a pool of
// threads for each thread that calls it. A server has such a thread (lsp/worker/engine_worker.h);
// the jobs of an evaluation share one (lsp/evaluation/engine_thread.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/load_progress.h"
#include "grammar/check/constraint.h"

namespace inpaint::engine {

using grammar::ByteRange;
using Clock = std::chrono::steady_clock;

/// How a span is decoded. All three use the same weights and the same cached context.
enum class Mode {
  diffusion,       // several tokens a forward, as many as are certain enough
  lossless,        // diffusion drafts, the causal pass verifies: the text of greedy autoregression
  autoregressive,  // one token a forward, left to right: the baseline
};

/// Where the arithmetic happens.
enum class Device { cpu, cuda };

/// How a text is written, and how much of it is wanted: what a person, an editor or a measurement
/// can turn. Carried by value, as it is, from there to the engine.
struct DecodingOptions {
  Mode mode = Mode::lossless;
  float threshold = 0.9F;  // diffusion, lossless: confidence from which a token is set, 0 ... 1
  int max_tokens = 64;     // upper bound of the length of a fill
  int alternatives = 1;    // how many are written, 1 ... 8; the first is greedy, the others sampled
  std::uint64_t seed = 0;  // same request, seed, device and cache state: same bytes
  /// What is not probable enough is not shown. Without the gate anything is better than nothing:
  /// where nothing of the only text fits, a second one is written.
  bool gate = true;
  /// Whether all of the context is read as it stands now. Else what stands behind the cursor may be as a
  /// model read it some tokens ago, where that saves a person who types the wait (context_cache.h).
  bool exact_context = true;
  /// Whether published weights may draft what the text repeats (engine/prompt/copy_hint.h); to
  /// measure without.
  bool copies = true;
  /// From when it was asked for; then the best complete answer so far.
  std::optional<std::chrono::milliseconds> deadline;
  friend bool operator==(const DecodingOptions&, const DecodingOptions&) = default;
};

/// Texts that many read and nobody changes: who hands them on does not copy them. Null: none.
using SharedTexts = std::shared_ptr<const std::vector<std::string>>;

inline std::span<const std::string> view(const SharedTexts& texts) {
  return texts ? std::span<const std::string>(*texts) : std::span<const std::string>();
}

/// Text of another place that helps to fill this one (an import, another buffer, a recent edit).
struct Snippet {
  std::string path;
  std::string text;
};

/// A part of the text that is to be written anew.
struct Hole {
  ByteRange range;  // of FillRequest::text; what stands in it is not shown to the model
  bool stops_at_newline = false;  // a hole inside one line: the fill ends before its first newline
  std::shared_ptr<grammar::Constraint> constraint;  // may be null; only used while fill() runs
  /// Text that may well belong there, best first. The first one is where writing starts from: what
  /// the model agrees with stays. Each is scored as it is (FillReply::drafts).
  std::vector<std::string> drafts;
};

/// One token of a span while it is denoised, for those who want to watch.
struct SpanToken {
  enum class State : std::uint8_t { mask, set, committed };
  State state = State::mask;
  std::string text;         // empty while masked; may end inside a UTF-8 character
  float confidence = 0.0F;  // probability the model gave to this token when it was set, 0 ... 1
};

/// The text for one hole.
struct Fill {
  std::string text;
  std::vector<SpanToken> tokens;  // what `text` is made of
  float probability = 0.0F;       // product over its tokens and the end
  bool ended =
      false;  // the model closed the span itself (else: right edge, length, deadline, given up)
  bool repaired =
      false;         // a part was written again because the text around would not parse with it
  bool cut = false;  // what stood behind could not be repaired
};

/// What one forward left on the canvas.
struct Step {
  int alternative = 0;
  int hole = 0;
  int forward = 0;  // counts from 1
  std::vector<SpanToken> tokens;
  /// The hole's first draft, once the causal rows have read it; null before, and where there is none. Lent for
  /// the call.
  const Fill* draft = nullptr;
};

struct FillRequest {
  std::string path;               // as the model should see it, e.g. "src/area.py"; may be empty
  std::string text;               // UTF-8
  std::vector<Hole> holes;        // ordered, disjoint, 1 ... 8
  std::vector<Snippet> snippets;  // most useful first
  /// Texts of other files that this one may repeat, most useful first. They are not laid out in the
  /// context: what the text says again is looked for in them too (engine/prompt/copy_hint.h).
  SharedTexts neighbours;
  DecodingOptions decoding;
  Clock::time_point since = Clock::now();  // what decoding.deadline counts from
  std::stop_token stop;  // looked at between forwards; the answer is ErrorCode::cancelled
  /// Called after each forward, on the same thread. False: the hole is given up, and left as it is.
  std::function<bool(const Step&)> on_step;

  Clock::time_point deadline() const {
    return decoding.deadline ? since + *decoding.deadline : Clock::time_point::max();
  }
};

/// All holes of a request filled once, consistently.
struct Alternative {
  std::vector<Fill> fills;  // as FillRequest::holes
};

struct FillReply {
  std::vector<Alternative> alternatives;  // best first, no two alike; at least one
  /// The drafts of each hole as the model sees them, in their order: Fill::tokens holds how
  /// probable it finds each token of the draft.
  std::vector<std::vector<Fill>> drafts;
  int context_tokens = 0;   // how many the model was shown
  int reused_tokens = 0;    // of these, taken from the cache
  int forwards = 0;         // denoising and verifying passes, the encoding of context not counted
  double context_ms = 0.0;  // tokenise, lay out, encode
  double denoise_ms = 0.0;
  bool deadline_reached = false;
};

/// In which order a model reads the text before a hole and the text behind it.
enum class FimOrder : std::uint8_t {
  known,    // from how it was trained, or from who opened it
  assumed,  // it has tokens to fill in the middle with, and the table of families does not know it
  absent,   // it has none: it goes on behind the cursor, and what follows is not shown to it
};

/// For `doctor`, logs and the model card.
struct EngineInfo {
  std::string model_path;
  std::string family;
  std::int64_t parameters = 0;
  int layers = 0;
  int hidden = 0;
  int vocabulary = 0;
  int context_budget = 0;  // tokens
  std::vector<int> block_widths;
  Device device = Device::cpu;
  std::string torch_version;
  std::string number_types;   // e.g. "bf16 from 1 row (f32 1.9x slower at 32 rows)"
  std::string prompt_format;  // of published weights
  FimOrder fim_order = FimOrder::known;
  std::string fim_family;  // in the table of families (prompt/fim_family.h); empty: none
  std::string adapter;     // folder of the mask adapter that drafts; empty: none
  std::string
      adapter_note;  // why one that belongs to the model is not used; empty: there is none such
  std::optional<Error> in_place_of;  // why the model that was meant is not the one that answers
};

/// EngineOptions::adapter where none is wanted.
inline constexpr std::string_view kNoAdapter = "none";

struct EngineOptions {
  std::string model;  // a GGUF file, or a folder with config.json, tokenizer.json, *.safetensors
  Device device = Device::cpu;
  std::string cache_folder;  // where measured number types are kept; empty: not kept
  /// 0: of weights that fit the cache physical cores less one, of others all of them.
  int threads = 0;
  std::string prompt_format;  // of published weights; empty: that of their family
  int context_tokens = 0;     // that published weights are shown; 0: the engine's choice
  /// Folder of a mask adapter for published weights, which has to do then; "none": none; empty: the
  /// one that comes with the program, where it fits.
  std::string adapter;
  /// What a row more in a forward costs, in forwards of one row, to count forwards that are the same
  /// on every machine; 0: as it is measured while writing.
  double row_cost = 0.0;
  Loading loading = {};  // of published weights
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual const EngineInfo& info() const = 0;
  /// Errors: cancelled, bad_argument (holes unordered, overlapping or outside of the text).
  virtual Result<FillReply> fill(FillRequest request) = 0;
  /// For a time when nobody asks: makes exact what the last answer took over as it was some tokens ago.
  /// Errors: cancelled, which loses nothing; those of the model.
  virtual Result<void> refresh(const std::stop_token&) { return {}; }
};

}  // namespace inpaint::engine
