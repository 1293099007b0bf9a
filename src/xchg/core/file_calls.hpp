// Internal to file: the system calls that writing makes, in a table, so that tests can let any of them fail.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <utility>

namespace xchg::file {

struct Calls {
  int (*open)(const char* path, int flags, mode_t mode);
  ssize_t (*write)(int file, const void* bytes, std::size_t count);
  int (*sync)(int file);
  int (*change_mode)(int file, mode_t mode);
  int (*link)(const char* from, const char* to);
  int (*rename)(const char* from, const char* to);
  int (*close)(int file);
};

// The table in use. Tests change it; nobody else does.
Calls& calls();

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

}  // namespace xchg::file
