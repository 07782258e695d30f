#include "engine/base/strict_json.h"

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace inpaint::engine {
namespace {

using nlohmann::json;

// Builds the document from the parser's events; returning false stops the parser at once.
class StrictBuilder final : public nlohmann::json_sax<json> {
 public:
  explicit StrictBuilder(const JsonLimits& limits) : limits_(limits) {}

  json take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

  bool null() override { return add(json(nullptr)) != nullptr; }
  bool boolean(bool value) override { return add(json(value)) != nullptr; }
  bool number_integer(std::int64_t value) override { return add(json(value)) != nullptr; }
  bool number_unsigned(std::uint64_t value) override { return add(json(value)) != nullptr; }
  bool number_float(double value, const std::string&) override {
    return add(json(value)) != nullptr;
  }
  bool string(std::string& value) override { return add(json(std::move(value))) != nullptr; }
  bool binary(json::binary_t&) override { return stop("binary value"); }

  bool start_object(std::size_t) override { return open(json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    auto [place, fresh] = open_.back()->get_ref<json::object_t&>().emplace(name, nullptr);
    if (!fresh) return stop(fmt::format("key \"{}\" stands twice in one object", name));
    value_place_ = &place->second;
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    return stop(error.what());
  }

 private:
  bool stop(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  // Null after a problem.
  json* add(json value) {
    if (++values_ > limits_.max_values) {
      stop(fmt::format("more than {} values", limits_.max_values));
      return nullptr;
    }
    json* place = &root_;
    if (!open_.empty()) {
      json& parent = *open_.back();
      if (parent.is_array()) {
        parent.push_back(std::move(value));
        return &parent.back();
      }
      place = value_place_;
    }
    *place = std::move(value);
    return place;
  }

  bool open(json container) {
    if (open_.size() >= static_cast<std::size_t>(limits_.max_depth)) {
      return stop(fmt::format("nested deeper than {} levels", limits_.max_depth));
    }
    json* place = add(std::move(container));
    if (place == nullptr) return false;
    open_.push_back(
        place);  // stays valid: a container grows only while none of its children is open
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const JsonLimits limits_;
  json root_;
  std::vector<json*> open_;
  json* value_place_ = nullptr;
  std::size_t values_ = 0;
  std::string problem_;
};

}  // namespace

Result<json> parse_strict_json(std::string_view text, const JsonLimits& limits, ErrorCode code,
                               std::string_view what) {
  static constexpr const char* kRemedy = "fetch or write the file again";
  if (text.size() > limits.max_bytes) {
    return failure(
        code, std::string(what),
        fmt::format("{} bytes of JSON, at most {} are read", text.size(), limits.max_bytes),
        kRemedy);
  }
  try {
    StrictBuilder builder(limits);
    if (!json::sax_parse(text.begin(), text.end(), &builder)) {
      return failure(code, std::string(what), "not usable JSON, " + builder.problem(), kRemedy);
    }
    return builder.take();
  } catch (const std::exception& error) {
    return failure(code, std::string(what), std::string("not usable JSON, ") + error.what(),
                   kRemedy);
  }
}

}  // namespace inpaint::engine
