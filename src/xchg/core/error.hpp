// Errors of every engine.
//
// A library call that fails throws one of the classes below and leaves its inputs and all files as they were.
// what() is one line that says where, what is wrong and what was expected; the parts are kept as members. The
// program prints that line and ends with exit_code().
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace xchg {

// Exit codes of the program.
enum class ExitCode : int {
  Success = 0,
  Install = 1,  // installing, building or testing failed
  Input = 2,    // input or usage
  Limit = 3,    // a budget, also a full disk
  Numeric = 4,  // numeric failure, or a device's read or write error
  ProvenNo = 10,
  Undecided = 11,
  Interrupted = 130,
};

// What all errors of xchg have in common; catch this to catch any of them.
class Error : public std::runtime_error {
 public:
  ExitCode exit_code() const noexcept { return exit_code_; }

 protected:
  Error(const std::string& message, ExitCode code) : std::runtime_error(message), exit_code_(code) {}

 private:
  ExitCode exit_code_;
};

// The place of an error. Unset parts (empty, 0) are left out of the message. Lines and columns count from 1;
// for a table the column is the number of the cell in its row.
struct Where {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;
  std::string pointer;  // JSON pointer (RFC 6901)

  // "data.csv:3, column 2", "job.json at /stations/0", or empty.
  std::string text() const;
};

// Wrong input or usage: says where, what is wrong, and what was expected.
class InputError : public Error {
 public:
  explicit InputError(std::string problem, Where where = {}, std::string expected = {});
  const std::string& problem() const noexcept { return problem_; }
  const Where& where() const noexcept { return where_; }
  const std::string& expected() const noexcept { return expected_; }

 private:
  std::string problem_;
  Where where_;
  std::string expected_;
};

// A budget that is too small: which, how much was asked for, how much there is, and what would fit.
class LimitError : public Error {
 public:
  LimitError(const std::string& problem, std::uint64_t asked_bytes, std::uint64_t limit_bytes,
             std::string remedy = {});
  explicit LimitError(const std::string& problem, std::string remedy = {});
  std::uint64_t asked_bytes() const noexcept { return asked_bytes_; }  // 0: not a matter of bytes
  std::uint64_t limit_bytes() const noexcept { return limit_bytes_; }
  const std::string& remedy() const noexcept { return remedy_; }

 private:
  std::uint64_t asked_bytes_ = 0;
  std::uint64_t limit_bytes_ = 0;
  std::string remedy_;
};

// A computation left the range in which its result can be trusted (overflow, loss of rank, no convergence).
class NumericError : public Error {
 public:
  explicit NumericError(const std::string& message) : Error(message, ExitCode::Numeric) {}
};

// A device failed to read or write (EIO and its kin). A full disk is a LimitError, a damaged file an
// InputError.
class DeviceError : public Error {
 public:
  explicit DeviceError(const std::string& message) : Error(message, ExitCode::Numeric) {}
};

// Something must be installed or built before this can run; the message names the command that does it.
class InstallError : public Error {
 public:
  explicit InstallError(const std::string& message) : Error(message, ExitCode::Install) {}
};

// The caller cancelled (SIGINT, SIGTERM, Progress::cancelled) before there was a result worth keeping.
class CancelledError : public Error {
 public:
  explicit CancelledError(const std::string& message) : Error(message, ExitCode::Interrupted) {}
};

}  // namespace xchg
