#include "xchg/core/file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "xchg/core/error.hpp"
#include "xchg/core/file_calls.hpp"

namespace xchg::file {
namespace fs = std::filesystem;
namespace {

std::string shown(const fs::path& path) { return path == "-" ? "standard input" : path.string(); }

// Opens a file to read; `status` describes it.
Descriptor open_to_read(const fs::path& path, struct stat& status) {
  Descriptor file(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    const int error = errno;
    const std::string reason = std::strerror(error);
    if (error == EIO || error == ENXIO) throw DeviceError("cannot read " + shown(path) + ": " + reason);
    throw InputError("cannot open: " + reason, {shown(path)}, "a readable file");
  }
  if (S_ISDIR(status.st_mode)) throw InputError("is a folder", {shown(path)}, "a file");
  return file;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::string read(const fs::path& path) {
  struct stat status = {};
  const Descriptor file = open_to_read(path, status);
  std::string content;
  // One byte more than the size, to meet the end without growing; pipes and /proc have no size and grow.
  if (S_ISREG(status.st_mode)) content.resize(static_cast<std::size_t>(status.st_size) + 1);
  std::size_t size = 0;
  for (;;) {
    if (size == content.size()) content.resize(std::max<std::size_t>(std::size_t{1} << 16, 2 * size));
    const ssize_t count = ::read(file.get(), content.data() + size, content.size() - size);
    if (count == 0) break;
    if (count < 0) {
      if (errno == EINTR) continue;
      throw DeviceError("cannot read " + shown(path) + ": " + std::strerror(errno));
    }
    size += static_cast<std::size_t>(count);
  }
  content.resize(size);
  return content;
}

Mapped::Mapped(const fs::path& path) {
  struct stat status = {};
  const Descriptor file = open_to_read(path, status);
  if (!S_ISREG(status.st_mode)) throw InputError("cannot be mapped", {shown(path)}, "a regular file");
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return;
  void* memory = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) {
    size_ = 0;
    throw DeviceError("cannot map " + shown(path) + ": " + std::strerror(errno));
  }
  data_ = static_cast<const std::byte*>(memory);
}

Mapped::~Mapped() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

Mapped::Mapped(Mapped&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Mapped& Mapped::operator=(Mapped&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace xchg::file
