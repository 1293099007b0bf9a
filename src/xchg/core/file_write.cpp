#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/file_calls.hpp"

namespace xchg::file {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 18;

[[noreturn]] void throw_write_error(const fs::path& path, int error) {
  const std::string reason = std::strerror(error);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    throw LimitError("cannot write " + path.string() + ": " + reason,
                     "nothing was written; free some space or choose another place");
  }
  if (error == EIO || error == ENXIO) throw DeviceError("cannot write " + path.string() + ": " + reason);
  throw InputError("cannot write: " + reason, {path.string()}, "a place that can be written to");
}

// Where a path leads through symbolic links; the last target need not exist.
fs::path follow_links(const fs::path& path) {
  constexpr int most_links = 40;  // as the kernel
  fs::path place = path;
  for (int i = 0; i < most_links; ++i) {
    std::error_code error;
    const fs::path target = fs::read_symlink(place, error);
    if (error) return place;
    place = place.parent_path() / target;
  }
  throw_write_error(path, ELOOP);
}

// As access(), for the user that the process acts for.
bool allowed(const char* path, int how) { return ::faccessat(AT_FDCWD, path, how, AT_EACCESS) == 0; }

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// A name for a temporary file or folder beside `path`. Short, since the name itself may be as long as may be.
fs::path temporary_name(const fs::path& path) {
  std::uint64_t random = 0;
  if (::getentropy(&random, sizeof random) != 0) throw_write_error(path, errno);
  char name[40];
  std::snprintf(name, sizeof name, ".xchg-%016llx.part", static_cast<unsigned long long>(random));
  return folder_of(path) / name;
}

// Makes a rename in this folder durable. Best effort: the file is complete under its name by now.
void sync_folder(const fs::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() >= 0) static_cast<void>(calls().sync(opened.get()));
}

}  // namespace

Calls& calls() {
  static Calls table = {
      [](const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); },
      ::write,
      ::fsync,
      ::fchmod,
      [](const char* from, const char* to) {
        return ::linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW);
      },
      ::rename,
      ::close,
  };
  return table;
}

// A file in the making.
class AtomicWriter::File {
 public:
  explicit File(fs::path path) : path_(std::move(path)), target_(follow_links(path_)) {
    struct stat status = {};
    if (::stat(target_.c_str(), &status) == 0) {
      if (S_ISDIR(status.st_mode)) throw InputError("is a folder", {path_.string()}, "the name of a file");
      if (!allowed(target_.c_str(), W_OK)) throw_write_error(path_, errno);
      if (!S_ISREG(status.st_mode)) {
        file_ = Descriptor(calls().open(target_.c_str(), O_WRONLY | O_CLOEXEC, 0));
        if (file_.get() < 0) throw_write_error(path_, errno);
        direct_ = true;
        return;
      }
      replaced_ = status;
    } else if (errno != ENOENT) {
      throw_write_error(path_, errno);
    }
    open_temporary();
  }

  ~File() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(std::string_view text) {
    if (buffer_.size() + text.size() < buffer_bytes) {
      buffer_ += text;
      return;
    }
    flush(buffer_);
    buffer_.clear();
    if (text.size() >= buffer_bytes) {
      flush(text);
    } else {
      buffer_ = text;
    }
  }

  void commit() {
    flush(buffer_);
    buffer_.clear();
    if (direct_) {
      if (calls().close(file_.release()) != 0 && errno != EINTR) throw_write_error(path_, errno);
      return;
    }
    take_attributes();
    if (calls().sync(file_.get()) != 0) throw_write_error(path_, errno);
    if (temporary_.empty()) link_unnamed();
    if (!temporary_.empty()) {
      if (calls().rename(temporary_.c_str(), target_.c_str()) != 0) throw_write_error(path_, errno);
      temporary_.clear();
    }
    sync_folder(folder_of(target_));
  }

 private:
  void open_temporary() {
    const fs::path folder = folder_of(target_);
    // Giving an unnamed file its name goes through /proc.
    if (allowed("/proc/self/fd", X_OK)) {
      file_ = Descriptor(calls().open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
      if (file_.get() >= 0) return;
      if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) fail_to_open(errno);
    }
    const fs::path name = temporary_name(target_);
    file_ = Descriptor(calls().open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666));
    if (file_.get() < 0) fail_to_open(errno);
    temporary_ = name;
  }

  [[noreturn]] void fail_to_open(int error) const {
    if (error != ENOENT) throw_write_error(path_, error);
    throw InputError("cannot write: there is no folder " + folder_of(target_).string(), {path_.string()},
                     "a folder that exists");
  }

  void flush(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = calls().write(file_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw_write_error(path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  // Permissions and owner of the file that is replaced. The owner stays where we may not give files away.
  void take_attributes() {
    if (!replaced_) return;
    if (replaced_->st_uid != ::geteuid() || replaced_->st_gid != ::getegid())
      static_cast<void>(::fchown(file_.get(), replaced_->st_uid, replaced_->st_gid) == 0);
    if (calls().change_mode(file_.get(), replaced_->st_mode & 0777) != 0) throw_write_error(path_, errno);
  }

  // Gives an unnamed file the final name, or, where that is taken, a temporary one to rename.
  void link_unnamed() {
    const std::string unnamed = "/proc/self/fd/" + std::to_string(file_.get());
    if (!replaced_) {
      if (calls().link(unnamed.c_str(), target_.c_str()) == 0) return;
      if (errno != EEXIST) throw_write_error(path_, errno);
    }
    const fs::path name = temporary_name(target_);
    if (calls().link(unnamed.c_str(), name.c_str()) != 0) throw_write_error(path_, errno);
    temporary_ = name;
  }

  fs::path path_;
  fs::path target_;
  fs::path temporary_;  // empty while the file has no name
  std::optional<struct stat> replaced_;
  bool direct_ = false;
  Descriptor file_;
  std::string buffer_;
};

AtomicWriter::AtomicWriter(fs::path path) : file_(std::make_unique<File>(std::move(path))) {}
AtomicWriter::~AtomicWriter() = default;
AtomicWriter::AtomicWriter(AtomicWriter&&) noexcept = default;
AtomicWriter& AtomicWriter::operator=(AtomicWriter&&) noexcept = default;

void AtomicWriter::write(std::string_view text) { file_->write(text); }

void AtomicWriter::write(std::span<const std::byte> bytes) {
  file_->write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void AtomicWriter::commit() { file_->commit(); }

void write_atomically(const fs::path& path, std::string_view content) {
  AtomicWriter writer(path);
  writer.write(content);
  writer.commit();
}

namespace {

// Moves each file under `from` to the same place under `to`.
void merge(const fs::path& from, const fs::path& to) {
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path place = to / entry.path().lexically_relative(from);
    if (entry.is_directory()) {
      fs::create_directory(place);
    } else if (calls().rename(entry.path().c_str(), place.c_str()) != 0) {
      throw_write_error(place, errno);
    }
  }
  fs::remove_all(from);
}

}  // namespace

void write_folder(const fs::path& path, bool force, const std::function<void(const fs::path& folder)>& fill) {
  // A name that ends with a slash is the folder before it.
  const fs::path named = path.has_filename() ? path : path.parent_path();
  const fs::path target = follow_links(named);
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  const bool there = fs::exists(status);
  if (there && !fs::is_directory(status)) throw InputError("is a file", {path.string()}, "a folder");
  const bool empty = !there || fs::is_empty(target, error);
  if (error && error != std::errc::no_such_file_or_directory) throw_write_error(path, error.value());
  if (!empty && !force)
    throw InputError("the folder is not empty", {path.string()}, "a new or empty one, or --force");
  // In the folder itself if there is one: that is surely the same file system.
  const fs::path temporary = temporary_name(there ? target / "." : target);
  if (!fs::create_directory(temporary, error)) throw_write_error(path, error.value());
  try {
    fill(temporary);
    if (there) {
      merge(temporary, target);
    } else if (calls().rename(temporary.c_str(), target.c_str()) != 0) {
      throw_write_error(path, errno);
    }
  } catch (const fs::filesystem_error& failure) {
    fs::remove_all(temporary, error);
    throw_write_error(path, failure.code().value());
  } catch (...) {
    fs::remove_all(temporary, error);
    throw;
  }
  sync_folder(folder_of(target));
}

}  // namespace xchg::file
