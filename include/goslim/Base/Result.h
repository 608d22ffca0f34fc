//===- goslim/Base/Result.h - a value or a message --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lean half's Expected<T>: what a library returns instead of printing or
// exiting. The message is complete except for the "goslim: error: " prefix,
// lower case, without a period; it names file, place, expected and found.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_BASE_RESULT_H
#define GOSLIM_BASE_RESULT_H

#include <cassert>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>

namespace goslim {

/// Why something could not be done. Note is the next action to take, shown on
/// a line of its own, or empty.
struct Failure {
  std::string Message;
  std::string Note = {};
};

/// Formats a Failure's message, checked at compile time.
template <typename... Ts>
Failure fail(fmt::format_string<Ts...> Format, Ts &&...Args) {
  return {fmt::format(Format, std::forward<Ts>(Args)...)};
}

/// A T, or the reason that there is none. Test before use.
template <typename T> class [[nodiscard]] Result {
public:
  Result(T Value) : Value(std::move(Value)) {}
  Result(Failure Why) : Why(std::move(Why)) {}

  explicit operator bool() const { return Value.has_value(); }
  T &operator*() { return assert(Value), *Value; }
  const T &operator*() const { return assert(Value), *Value; }
  T *operator->() { return assert(Value), &*Value; }
  const T *operator->() const { return assert(Value), &*Value; }
  const Failure &failure() const { return assert(!Value), Why; }

private:
  std::optional<T> Value;
  Failure Why;
};

template <> class [[nodiscard]] Result<void> {
public:
  Result() = default;
  Result(Failure F) : Why(std::move(F)) {}

  explicit operator bool() const { return !Why; }
  const Failure &failure() const { return assert(Why), *Why; }

private:
  std::optional<Failure> Why;
};

} // namespace goslim

#endif // GOSLIM_BASE_RESULT_H
