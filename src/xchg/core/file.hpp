// Whole files: reading, mapping, and atomic replacement.
//
// Whatever is written here appears under its final name only when it is complete and on the disk. Until then
// it has no name at all where the file system can do that (O_TMPFILE), so that a process killed at any moment
// leaves nothing behind; elsewhere it has a hidden name beside the final one.
//
// Writing follows symbolic links, keeps the permissions (and, where allowed, the owner) of a file it
// replaces, refuses to replace one that is not writable, and writes straight into devices and pipes such as
// /dev/stdout.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace xchg::file {

// The bytes of a file; "-" is standard input. Throws InputError if it cannot be opened (says why: no such
// file, a folder, no permission), DeviceError if reading fails.
std::string read(const std::filesystem::path& path);

// Replaces the file by `content`. On any error the old file is as it was and no temporary file stays. Throws
// LimitError when the disk is full, InputError when the place cannot be written to, DeviceError when the
// device fails.
void write_atomically(const std::filesystem::path& path, std::string_view content);

// The same for content that comes in pieces: written with write(), it replaces the file on commit(); a writer
// destroyed without commit() leaves no trace. Throws as write_atomically does. Not for several threads at
// once.
class AtomicWriter {
 public:
  explicit AtomicWriter(std::filesystem::path path);
  ~AtomicWriter();
  AtomicWriter(AtomicWriter&&) noexcept;
  AtomicWriter& operator=(AtomicWriter&&) noexcept;

  void write(std::string_view text);
  void write(std::span<const std::byte> bytes);
  void commit();

 private:
  class File;
  std::unique_ptr<File> file_;
};

// Makes a folder complete or not at all: `fill` writes into a new hidden folder beside it, which then takes
// the name. A folder that is there already and not empty is an InputError unless `force`; with it, the files
// that `fill` made replace those of the same name, one by one, and all others stay. When `fill` throws,
// nothing has changed. Throws as write_atomically does.
void write_folder(const std::filesystem::path& path, bool force,
                  const std::function<void(const std::filesystem::path& folder)>& fill);

// A file mapped into memory, read-only. Pages come from the disk as they are touched, so a file may be larger
// than memory. The file must not shrink while it is mapped.
class Mapped {
 public:
  Mapped() = default;
  // Throws InputError if it cannot be opened or is no regular file, DeviceError if mapping fails.
  explicit Mapped(const std::filesystem::path& path);
  ~Mapped();
  Mapped(Mapped&& other) noexcept;
  Mapped& operator=(Mapped&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace xchg::file
