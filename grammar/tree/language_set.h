// The languages that a text may be in: those that are linked in, and those that a user has added.
//
// Thread rule: a value; it points to languages that outlive it.
#pragma once

#include <string_view>
#include <vector>

#include "grammar/tree/language.h"

namespace inpaint::grammar {

class LanguageSet {
 public:
  /// The linked ones.
  LanguageSet() = default;
  /// And these. A name that is linked in stays what it is; an extension may be taken over.
  explicit LanguageSet(std::vector<const Language*> added) : added_(std::move(added)) {}

  /// Null when no language has this name.
  const Language* by_name(std::string_view name) const;
  /// As language_for_path(), with the added ones first.
  const Language* for_path(std::string_view path, std::string_view text = {}) const;

  const std::vector<const Language*>& added() const { return added_; }

 private:
  std::vector<const Language*> added_;
};

}  // namespace inpaint::grammar
