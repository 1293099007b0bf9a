#include "xchg/core/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "xchg/core/error.hpp"

namespace xchg::file {
namespace fs = std::filesystem;
namespace {

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

[[noreturn]] void throw_write_error(const fs::path& path, int error) {
  const std::string reason = std::strerror(error);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    throw LimitError("cannot write " + path.string() + ": " + reason,
                     "nothing was written; free some space or choose another place");
  }
  if (error == EIO || error == ENXIO) throw DeviceError("cannot write " + path.string() + ": " + reason);
  throw InputError("cannot write: " + reason, {path.string()}, "a place that can be written to");
}

}  // namespace

std::string read(const fs::path& path) {
  const bool standard_input = path == "-";
  Descriptor file(standard_input ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0)
    throw InputError(std::string("cannot open: ") + std::strerror(errno), {path.string()}, "a readable file");
  std::string content;
  struct stat status = {};
  if (::fstat(file.get(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) throw InputError("is a folder", {path.string()}, "a file");
    if (S_ISREG(status.st_mode)) content.reserve(static_cast<std::size_t>(status.st_size) + 1);
  }
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) return content;
    if (count < 0) {
      if (errno == EINTR) continue;
      throw DeviceError("cannot read " + path.string() + ": " + std::strerror(errno));
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void write_atomically(const fs::path& path, std::string_view content) {
  fs::path folder = path.parent_path();
  if (folder.empty()) folder = ".";
  std::string temporary = (folder / ("." + path.filename().string() + ".XXXXXX")).string();
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) throw_write_error(path, errno);
  const auto fail = [&](int error) {
    ::unlink(temporary.c_str());
    throw_write_error(path, error);
  };
  while (!content.empty()) {
    const ssize_t count = ::write(file.get(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(file.get(), 0666 & ~mask) != 0 || ::fsync(file.get()) != 0) fail(errno);
  if (::close(file.release()) != 0) fail(errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) fail(errno);
}

}  // namespace xchg::file
