#include "tests/house/placement_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <utility>

namespace inpaint::house {
namespace {

constexpr std::string_view kOnlyOurMessages =
    "what a library or we print there breaks the protocol: write to Program::out";
constexpr std::string_view kWhole =
    "files are written whole or not at all: use engine/base/atomic_file.h";
constexpr std::string_view kAsksPublicly = "lsp/ knows the engine by its public headers";
/// Measurements and the baseline without a model go round it, and say so.
constexpr std::string_view kOnePipeline =
    "completions have one pipeline, lsp/completion/fill_pipeline.h";
constexpr std::string_view kNoMethod =
    "methods of the protocol are session's, client's and features'";
constexpr std::string_view kEngineKnowsNoEditor = "the engine speaks bytes and tokens";
constexpr std::string_view kOneReader = "one place reads bytes from a client";
constexpr std::string_view kSurroundings =
    "a surrounding may be missing: engine/base/folders.h says so without throwing";
constexpr std::string_view kNumbers =
    "it throws, and reads half of a number: use std::from_chars or lsp/command/option_values.h";
constexpr std::string_view kThreads =
    "a thread has a barrier at its door and joins: add it to this list with both";
constexpr std::string_view kNothingUnasked =
    "nothing is downloaded unless a person says `inpaint models get`";
constexpr std::string_view kNeverByAWorkspace =
    "model, device, log and grammars are never set by what a workspace can bring";

const std::vector<Placement>& all() {
  static const std::vector<Placement> kAll = {
      // the engine and the editor
      {"uri", "engine/", {}, kEngineKnowsNoEditor},
      {"Uri", "engine/", {}, kEngineKnowsNoEditor},
      {"utf16", "engine/", {}, kEngineKnowsNoEditor},
      {"jsonrpc", "engine/", {}, kEngineKnowsNoEditor},
      {"textDocument", "engine/", {}, kEngineKnowsNoEditor},
      {"sys/socket.h", "engine/", {}, kEngineKnowsNoEditor},
      {"engine/decoding/", "lsp/", {}, kAsksPublicly},
      {"engine/kernels/", "lsp/", {}, kAsksPublicly},
      {"engine/model/", "lsp/", {}, kAsksPublicly},
      {"engine/prompt/", "lsp/", {}, kAsksPublicly},
      {"engine/service/", "lsp/", {}, kAsksPublicly},
      {"engine/torch/", "lsp/", {}, kAsksPublicly},
      {"engine/weights/", "lsp/", {}, kAsksPublicly},
      // completions: who plans holes, asks an engine, judges fills
      {".fill(",
       "lsp/",
       {"lsp/completion/fill_pipeline.cpp", "lsp/bench/bench_engine_rows.cpp",
        "lsp/models/order_trial.cpp", "lsp/models/model_check.cpp"},
       kOnePipeline},
      {"->fill(",
       "lsp/",
       {"lsp/evaluation/engine_thread.cpp", "lsp/models/substitute.h"},  // they hand it on
       kOnePipeline},
      {"plan_hole(",
       "lsp/",
       {"lsp/completion/completer.cpp", "lsp/completion/rewriter.cpp",
        "lsp/evaluation/draft_answer.cpp", "lsp/bench/bench_answer_rows.cpp",
        "lsp/bench/bench_engine_rows.cpp"},
       kOnePipeline},
      {"plan_refill(",
       "lsp/",
       {"lsp/completion/rewriter.cpp", "lsp/feature/code_action.cpp"},
       kOnePipeline},
      {"grammar/check/promise.h",
       "lsp/",
       {"lsp/completion/candidate.h", "lsp/completion/completer.cpp",
        "lsp/evaluation/draft_answer.cpp", "lsp/bench/bench_answer_rows.cpp"},
       kOnePipeline},
      {"grammar/check/hole_constraint.h",
       "lsp/",
       {"lsp/completion/completion_request.h", "lsp/completion/fill_pipeline.h"},
       kOnePipeline},
      // the client
      {"async_read_some", "", {"lsp/protocol/stream_transport.cpp"}, kOneReader},
      {"std::cin", "", {}, kOneReader},
      {"\"character\"", "", {"lsp/protocol/position.cpp"}, "one place converts positions"},
      {"\"textDocument/",
       "",
       {"lsp/session/", "lsp/feature/", "lsp/bench/bench_document_rows.cpp",
        "lsp/bench/editor_client.cpp"},
       kNoMethod},
      {"\"workspace/", "", {"lsp/feature/"}, kNoMethod},
      {"\"window/", "", {"lsp/client/", "lsp/session/"}, kNoMethod},
      {"\"model\"", "lsp/client/", {"lsp/client/settings.cpp"}, kNeverByAWorkspace},
      {"\"model\"", "lsp/session/", {}, kNeverByAWorkspace},
      {"\"device\"", "lsp/session/", {}, kNeverByAWorkspace},
      {"\"log\"", "lsp/session/", {}, kNeverByAWorkspace},
      // what is printed, and how the process ends
      {"std::cout", "", {"lsp/bench/compiler_load.cpp"}, kOnlyOurMessages},
      {"printf(", "", {}, kOnlyOurMessages},
      {"puts(", "", {}, kOnlyOurMessages},
      {"STDOUT_FILENO",
       "",
       {"lsp/command/standard_streams.cpp", "lsp/bench/child_process.cpp"},
       kOnlyOurMessages},
      {"std::cerr", "", {"lsp/command/main.cpp"}, "errors go to Program::err or the log"},
      {"std::exit(", "", {}, "commands answer an exit code"},
      {"std::abort(", "", {}, "a failure is a Result"},
      {"_Exit(", "", {"lsp/command/main.cpp"}, "the program ends in main()"},
      {"_exit(", "", {"lsp/command/interrupt.cpp"}, "the program ends in main()"},
      // files
      {"mmap", "", {}, "weights are read, not mapped: a file that is cut short is an error"},
      {"std::ofstream",
       "",
       {"lsp/command/serve_command.cpp", "lsp/evaluation/result_log.",
        "lsp/bench/compiler_load.cpp"},
       kWhole},
      {"std::fstream", "", {}, kWhole},
      {"std::fopen", "", {"engine/training/log_file.h", "lsp/command/source_file.cpp"}, kWhole},
      {"O_WRONLY", "", {"engine/base/atomic_file.cpp", "lsp/bench/child_process.cpp"}, kWhole},
      {"O_RDWR", "", {"lsp/command/standard_streams.cpp", "lsp/download/part_file.cpp"}, kWhole},
      {"O_CREAT", "", {"engine/base/atomic_file.cpp", "lsp/download/part_file.cpp"}, kWhole},
      {"rename(", "", {"engine/base/atomic_file.cpp", "lsp/download/part_file.cpp"}, kWhole},
      {"resize_file", "", {"lsp/evaluation/result_log.cpp"}, kWhole},
      // surroundings
      {"getenv", "", {"engine/base/environment.h"}, kSurroundings},
      {"setenv", "", {"engine/library.cpp"}, "other threads may read the environment"},
      {"current_path", "", {"engine/base/folders.cpp"}, kSurroundings},
      {"temp_directory_path", "", {"lsp/bench/compiler_load.cpp"}, kSurroundings},
      {"chdir", "", {"lsp/command/main.cpp"}, "relative paths would change their meaning"},
      {"setlocale", "", {}, "what a locale changes, a test on another machine does not see"},
      {"std::locale", "", {}, "it throws where the locale is not installed"},
      {"dlopen",
       "",
       {"engine/library.cpp", "lsp/command/user_languages.cpp", "lsp/models/downloader.cpp"},
       "code comes from the program and from the user's own configuration"},
      {"std::system", "", {}, "no shell is started with a text of ours"},
      {"popen", "", {}, "no shell is started with a text of ours"},
      // what throws
      {"std::stoi", "", {}, kNumbers},
      {"std::stol", "", {}, kNumbers},
      {"std::stoul", "", {}, kNumbers},
      {"std::stoull", "", {}, kNumbers},
      {"std::stod", "", {}, kNumbers},
      {"std::stof", "", {}, kNumbers},
      {"throw CLI::",
       "",
       {"lsp/command/option_values.h", "lsp/command/eval_arguments.cpp"},
       "only what a library takes as its own may be thrown to it"},
      {"throw std::", "", {"engine/tokenizer/piece_splitter.cpp"}, "failures are Results"},
      {"catch (",
       "",
       {// barriers: what is thrown ends one piece of work
        "engine/base/guarded.", "lsp/base/background_thread.h", "lsp/command/main.cpp",
        // libraries that throw
        "engine/base/strict_json.cpp", "engine/weights/", "engine/tokenizer/vocabulary.cpp",
        "engine/model/transformer_model.cpp", "engine/torch/entry.cpp",
        "lsp/command/command_line.cpp", "lsp/command/interrupt.cpp",
        // memory for a message of a client's size, and state that must not stay half changed
        "lsp/protocol/frame_reader.cpp", "lsp/protocol/message.cpp",
        "lsp/feature/fill_questions.cpp",
        // a string of C++ code
        "grammar/check/placeholders.cpp"},
       "exceptions are caught at the library that throws them, and at barriers"},
      // the network
      {"curl/", "", {"lsp/download/transfer.cpp"}, kNothingUnasked},
      {"lsp/download/",
       "",
       {"lsp/download/", "lsp/models/downloader.", "lsp/models/model_fetch.cpp"},
       kNothingUnasked},
      {"fetch_model(",
       "",
       {"lsp/models/model_fetch.", "lsp/command/models_command.cpp"},
       kNothingUnasked},
      // threads
      {"std::thread(", "", {"lsp/command/interrupt.cpp"}, kThreads},
      {"std::jthread",
       "",
       {"lsp/command/eval_command.cpp", "engine/training/corpus/sample_stream.h",
        "engine/weights/tensor_reader.cpp"},
       kThreads},
      {"pthread_create", "", {"engine/kernels/thread_pool.cpp"}, kThreads},
      {"asio::thread_pool",
       "",
       {"lsp/base/background_thread.h", "lsp/evaluation/engine_thread.h"},
       kThreads},
      {"sleep_for", "", {}, "wait for an event"},
      {"sleep_until", "", {}, "wait for an event"},
  };
  return kAll;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Where `word` stands by itself, at or behind `from`.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word(text[at - 1]) || !is_word(word.front());
    const bool ends = end == text.size() || !is_word(text[end]) || !is_word(word.back());
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

int line_of(std::string_view text, std::size_t at) {
  return static_cast<int>(std::ranges::count(text.substr(0, at), '\n')) + 1;
}

bool may_have(const Placement& rule, std::string_view path) {
  return std::ranges::any_of(rule.files, [&](auto begin) { return path.starts_with(begin); });
}

/// The arguments of a call whose "(" is at `open`; nothing where it does not end.
std::vector<std::string_view> arguments_at(std::string_view code, std::size_t open) {
  std::vector<std::string_view> arguments;
  int depth = 0;
  std::size_t begin = open + 1;
  for (std::size_t i = open; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '(' || c == '{' || c == '[') ++depth;
    if (c == ')' || c == '}' || c == ']') --depth;
    if ((c == ',' && depth == 1) || depth == 0) {
      arguments.push_back(code.substr(begin, i - begin));
      begin = i + 1;
    }
    if (depth == 0) return arguments;
  }
  return {};
}

/// Functions of <filesystem> that throw unless an error_code is their last of so many arguments.
constexpr std::array<std::pair<std::string_view, std::size_t>, 25> kFileCalls{{
    {"exists", 2},
    {"is_directory", 2},
    {"is_regular_file", 2},
    {"is_symlink", 2},
    {"is_empty", 2},
    {"file_size", 2},
    {"absolute", 2},
    {"canonical", 2},
    {"weakly_canonical", 2},
    {"relative", 2},
    {"proximate", 2},
    {"create_directory", 2},
    {"create_directories", 2},
    {"remove", 2},
    {"remove_all", 2},
    {"read_symlink", 2},
    {"space", 2},
    {"status", 2},
    {"last_write_time", 2},
    {"symlink_status", 2},
    {"current_path", 1},
    {"temp_directory_path", 1},
    {"equivalent", 3},
    {"rename", 3},
    {"resize_file", 3},
}};

}  // namespace

std::span<const Placement> placements() { return all(); }

std::string without_comments(std::string_view text) {
  enum class In { code, line, block, string, character };
  std::string result(text);
  In in = In::code;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    const bool quoted = in == In::string || in == In::character;
    if (quoted) {
      if (text[i] == '\\') ++i;
      else if (text[i] == (in == In::string ? '"' : '\'')) in = In::code;
      continue;
    }
    if (in == In::code) {
      if (rest.starts_with("//")) in = In::line;
      else if (rest.starts_with("/*")) in = In::block;
      else if (text[i] == '"') in = In::string;
      else if (text[i] == '\'' && (i == 0 || !is_word(text[i - 1]))) in = In::character;
    }
    if (in != In::line && in != In::block) continue;
    if (in == In::block && rest.starts_with("*/")) {
      result[i] = result[i + 1] = ' ';
      ++i;
      in = In::code;
    } else if (text[i] != '\n') {
      result[i] = ' ';
    } else if (in == In::line) {
      in = In::code;
    }
  }
  return result;
}

std::vector<Violation> placement_violations(const Files& files) {
  std::vector<Violation> violations;
  for (const auto& [path, text] : files) {
    if (!is_cpp(path)) continue;
    const std::string code = without_comments(text);
    for (const Placement& rule : all()) {
      if (!path.starts_with(rule.folder) || may_have(rule, path)) continue;
      for (std::size_t at = find_word(code, rule.what, 0); at != std::string::npos;
           at = find_word(code, rule.what, at + 1))
        violations.push_back(
            {path, line_of(code, at),
             std::string(rule.what) + " may not stand here: " + std::string(rule.why)});
    }
  }
  return violations;
}

std::vector<Violation> idle_placements(const Files& files) {
  std::vector<Violation> idle;
  for (const Placement& rule : all()) {
    for (const std::string_view allowed : rule.files) {
      const bool needed = std::ranges::any_of(files, [&](const auto& file) {
        return file.first.starts_with(allowed) &&
               find_word(without_comments(file.second), rule.what, 0) != std::string::npos;
      });
      if (!needed)
        idle.push_back({std::string(allowed), 0, "has no " + std::string(rule.what) + " any more"});
    }
  }
  return idle;
}

std::vector<Violation> throwing_file_calls(std::string_view path, std::string_view text) {
  std::vector<Violation> violations;
  const std::string code = without_comments(text);
  const auto report = [&](std::size_t at, std::string what) {
    violations.push_back({std::string(path), line_of(code, at),
                          std::move(what) + " throws: give it a std::error_code"});
  };
  for (const std::string_view space : {"fs::", "std::filesystem::"}) {
    for (const auto& [name, least] : kFileCalls) {
      const std::string call = std::string(space) + std::string(name);
      for (std::size_t at = find_word(code, call, 0); at != std::string::npos;
           at = find_word(code, call, at + 1)) {
        if (at + call.size() >= code.size() || code[at + call.size()] != '(') continue;
        const auto arguments = arguments_at(code, at + call.size());
        // Of a file_status that was asked for before nothing can fail.
        const bool asks_a_status = arguments.size() == 1 && arguments[0].ends_with("status");
        const std::size_t n = arguments.size() == 1 && arguments[0].empty() ? 0 : arguments.size();
        if (n < least && !asks_a_status) report(at, call);
      }
    }
    for (const std::string_view iterator :
         {"directory_iterator(", "recursive_directory_iterator("}) {
      const std::string loop = ": " + std::string(space) + std::string(iterator);
      for (std::size_t at = code.find(loop); at != std::string::npos; at = code.find(loop, at + 1))
        report(at, "a loop over " + std::string(iterator) + "...)");
    }
  }
  return violations;
}

}  // namespace inpaint::house
