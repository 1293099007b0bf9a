// What writing does when the system refuses: the old content stays, nothing partial stays.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <map>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/file_calls.hpp"

namespace xchg::file {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

using Snapshot = std::map<std::string, std::string>;

Snapshot snapshot(const fs::path& folder) {
  Snapshot result;
  for (const auto& entry : fs::directory_iterator(folder)) {
    result[entry.path().filename()] = entry.is_regular_file() ? read(entry.path()) : "";
  }
  return result;
}

// Lets the n-th of the calls fail, counted from 0 over all of them.
struct Injection {
  Calls real;
  int countdown = 0;
  int error = 0;
  bool refuse_unnamed = false;
} injection;

bool fails_now() {
  if (injection.countdown-- != 0) return false;
  errno = injection.error;
  return true;
}

Calls failing_calls() {
  return {
      [](const char* path, int flags, mode_t mode) {
        if (injection.refuse_unnamed && (flags & O_TMPFILE) == O_TMPFILE) {
          errno = EOPNOTSUPP;
          return -1;
        }
        return fails_now() ? -1 : injection.real.open(path, flags, mode);
      },
      [](int file, const void* bytes, std::size_t count) -> ssize_t {
        // Half of it at a time, as disks that run full do.
        return fails_now() ? -1 : injection.real.write(file, bytes, (count + 1) / 2);
      },
      [](int file) { return fails_now() ? -1 : injection.real.sync(file); },
      [](int file, mode_t mode) { return fails_now() ? -1 : injection.real.change_mode(file, mode); },
      [](const char* from, const char* to) { return fails_now() ? -1 : injection.real.link(from, to); },
      [](const char* from, const char* to) { return fails_now() ? -1 : injection.real.rename(from, to); },
      [](int file) { return fails_now() ? -1 : injection.real.close(file); },
  };
}

class FileFaultTest : public testing::Test {
 protected:
  FileFaultTest() {
    std::string name = fs::temp_directory_path() / "xchg-file-fault-XXXXXX";
    folder = ::mkdtemp(name.data());
    injection = {calls(), -1, 0, false};
  }
  ~FileFaultTest() override {
    calls() = injection.real;
    fs::remove_all(folder);
  }

  // Writes with the n-th call failing, for n = 0, 1, … until none fails; returns how many failed.
  template <class Expected>
  int fail_each_call(int error, const std::string& name) {
    const Snapshot before = snapshot(folder);
    for (int n = 0;; ++n) {
      SCOPED_TRACE("call " + std::to_string(n));
      injection.countdown = n;
      injection.error = error;
      calls() = failing_calls();
      bool failed = false;
      try {
        write_atomically(folder / name, "new content of some length");
      } catch (const Expected&) {
        failed = true;
      }
      calls() = injection.real;
      if (!failed) {
        EXPECT_EQ(read(folder / name), "new content of some length");
        return n;
      }
      EXPECT_EQ(snapshot(folder), before);
      if (HasFailure()) return n;
    }
  }

  fs::path folder;
};

TEST_F(FileFaultTest, WhicheverCallFailsTheFolderIsAsItWas) {
  for (const bool refuse_unnamed : {false, true}) {
    injection.refuse_unnamed = refuse_unnamed;
    const std::string kind = refuse_unnamed ? "named" : "unnamed";
    // At least: open, two writes, sync, and link or rename.
    EXPECT_GE(fail_each_call<LimitError>(ENOSPC, "full-" + kind), 5);
    EXPECT_GE(fail_each_call<DeviceError>(EIO, "broken-" + kind), 5);
    EXPECT_GE(fail_each_call<InputError>(EACCES, "denied-" + kind), 5);
    write_atomically(folder / "old", "old content");
    EXPECT_GE(fail_each_call<LimitError>(EDQUOT, "old"), 6);
    write_atomically(folder / "old", "old content");
    EXPECT_GE(fail_each_call<DeviceError>(EIO, "old"), 6);
  }
}

TEST_F(FileFaultTest, InterruptedWritesGoOn) {
  injection.countdown = 2;
  injection.error = EINTR;
  calls() = failing_calls();
  write_atomically(folder / "f", "content");
  EXPECT_EQ(read(folder / "f"), "content");
}

TEST_F(FileFaultTest, MissingFolderIsNamed) {
  try {
    write_atomically(folder / "none" / "f", "x");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("there is no folder " + (folder / "none").string()));
  }
}

TEST_F(FileFaultTest, AFolderIsNotReplaced) {
  fs::create_directory(folder / "d");
  EXPECT_THROW(write_atomically(folder / "d", "x"), InputError);
  write_atomically(folder / "f", "x");
  EXPECT_THROW(write_atomically(folder / "f" / "g", "x"), InputError);
  EXPECT_EQ(snapshot(folder), (Snapshot{{"d", ""}, {"f", "x"}}));
}

TEST_F(FileFaultTest, AFullDeviceIsALimit) { EXPECT_THROW(write_atomically("/dev/full", "x"), LimitError); }

TEST_F(FileFaultTest, AFileSizeLimitIsALimit) {
  write_atomically(folder / "f", "old");
  rlimit before = {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {10000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  std::string message;
  try {
    write_atomically(folder / "f", std::string(1 << 20, 'x'));
  } catch (const LimitError& error) {
    message = error.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(message, HasSubstr("File too large; nothing was written"));
  EXPECT_EQ(snapshot(folder), (Snapshot{{"f", "old"}}));
}

// A small disk of its own.
TEST_F(FileFaultTest, AFullDiskKeepsTheOldFileAndFreesItsSpace) {
  const fs::path disk = folder / "disk";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=256k") != 0)
    GTEST_SKIP() << "mounting a small disk needs root and CAP_SYS_ADMIN";
  write_atomically(disk / "f", "old");
  EXPECT_THROW(write_atomically(disk / "f", std::string(1 << 20, 'x')), LimitError);
  EXPECT_THROW(write_folder(disk / "out", false,
                            [](const fs::path& place) {
                              write_atomically(place / "a", std::string(100000, 'a'));
                              write_atomically(place / "b", std::string(200000, 'b'));
                            }),
               LimitError);
  EXPECT_EQ(snapshot(disk), (Snapshot{{"f", "old"}}));
  write_atomically(disk / "f", std::string(200000, 'y'));  // there is room again
  ::umount(disk.c_str());
}

// Without the rights of root: those of nobody, for a while.
class Unprivileged {
 public:
  Unprivileged() {
    if (::geteuid() == 0) ok_ = ::setegid(65534) == 0 && ::seteuid(65534) == 0;
  }
  ~Unprivileged() {
    if (::getuid() == 0) static_cast<void>(::seteuid(0) == 0 && ::setegid(0) == 0);
  }
  bool ok() const { return ok_; }

 private:
  bool ok_ = true;
};

TEST_F(FileFaultTest, NoPermissionIsNamedAndNothingChanges) {
  fs::create_directory(folder / "closed");
  write_atomically(folder / "closed" / "f", "old");
  write_atomically(folder / "readonly", "old");
  fs::permissions(folder / "readonly", fs::perms::owner_read | fs::perms::others_read);
  fs::permissions(folder / "closed", static_cast<fs::perms>(0555));
  fs::permissions(folder, static_cast<fs::perms>(0777));
  {
    const Unprivileged nobody;
    if (!nobody.ok()) GTEST_SKIP() << "cannot become another user";
    EXPECT_THROW(write_atomically(folder / "closed" / "f", "new"), InputError);
    EXPECT_THROW(write_atomically(folder / "closed" / "g", "new"), InputError);
    EXPECT_THROW(write_atomically(folder / "readonly", "new"), InputError);
    write_atomically(folder / "mine", "new");
  }
  fs::permissions(folder / "closed", static_cast<fs::perms>(0755));
  EXPECT_EQ(snapshot(folder / "closed"), (Snapshot{{"f", "old"}}));
  EXPECT_EQ(snapshot(folder), (Snapshot{{"closed", ""}, {"mine", "new"}, {"readonly", "old"}}));
}

TEST_F(FileFaultTest, AKilledWriterLeavesNothing) {
  if (const int unnamed = ::open(folder.c_str(), O_TMPFILE | O_WRONLY, 0600); unnamed < 0) {
    GTEST_SKIP() << "this file system has no unnamed files";
  } else {
    ::close(unnamed);
  }
  write_atomically(folder / "f", "old");
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    AtomicWriter writer(folder / "f");
    writer.write(std::string(1 << 20, 'x'));
    static_cast<void>(::write(ready[1], "r", 1) == 1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  EXPECT_EQ(snapshot(folder), (Snapshot{{"f", "old"}}));
}

}  // namespace
}  // namespace xchg::file
