// Whole files: reading, and atomic replacement.
#pragma once

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

namespace xchg::file {

// The bytes of a file; "-" is standard input. Throws InputError if it cannot be opened (says why: no such
// file, a folder, no permission), DeviceError if reading fails.
std::string read(const std::filesystem::path& path);

// Replaces the file by `content`: written beside it under a temporary name, synced, renamed. On any error the
// old file is as it was and no temporary file stays. Throws LimitError when the disk is full, InputError when
// the place cannot be written to, DeviceError when the device fails.
void write_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace xchg::file
