#include "xchg/core/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "xchg/core/error.hpp"

namespace xchg::file {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string name = fs::temp_directory_path() / "xchg-file-test-XXXXXX";
    folder = ::mkdtemp(name.data());
  }
  ~FileTest() override { fs::remove_all(folder); }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator(folder)) result.push_back(entry.path().filename());
    return result;
  }

  fs::path folder;
};

TEST_F(FileTest, WhatWasWrittenIsRead) {
  for (const std::size_t size : std::vector<std::size_t>{0, 1, 4096, 1000000}) {
    const std::string content(size, 'x');
    write_atomically(folder / "a", content);
    EXPECT_EQ(read(folder / "a"), content);
  }
  EXPECT_THAT(names(), UnorderedElementsAre("a"));
}

TEST_F(FileTest, FilesWithoutASizeAreReadToTheirEnd) {
  EXPECT_THAT(read("/proc/self/status"), HasSubstr("Pid:"));
}

TEST_F(FileTest, ReadingNamesWhatIsWrong) {
  EXPECT_THROW(read(folder / "none"), InputError);
  try {
    read(folder);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(), folder.string() + ": is a folder; expected a file");
  }
}

TEST_F(FileTest, ReplacingKeepsPermissionsAndANewFileFollowsTheMask) {
  const mode_t mask = ::umask(027);
  write_atomically(folder / "new", "1");
  ::umask(mask);
  EXPECT_EQ(fs::status(folder / "new").permissions(), static_cast<fs::perms>(0640));
  fs::permissions(folder / "new", static_cast<fs::perms>(0604));
  write_atomically(folder / "new", "2");
  EXPECT_EQ(fs::status(folder / "new").permissions(), static_cast<fs::perms>(0604));
  EXPECT_EQ(read(folder / "new"), "2");
}

TEST_F(FileTest, WritingFollowsLinksAndTheyStayLinks) {
  fs::create_directory(folder / "data");
  write_atomically(folder / "data" / "real", "old");
  fs::create_symlink("data/real", folder / "one");
  fs::create_symlink("one", folder / "two");
  write_atomically(folder / "two", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "two"));
  EXPECT_EQ(read(folder / "data" / "real"), "new");
  fs::create_symlink("data/later", folder / "dangling");
  write_atomically(folder / "dangling", "made");
  EXPECT_EQ(read(folder / "data" / "later"), "made");
  fs::create_symlink("circle", folder / "circle");
  EXPECT_THROW(write_atomically(folder / "circle", "x"), InputError);
}

TEST_F(FileTest, ReadersSeeTheOldOrTheNewContentWhole) {
  const std::string old_content(300000, 'a'), new_content(500000, 'b');
  write_atomically(folder / "f", old_content);
  std::jthread writer([&] {
    for (int i = 0; i < 50; ++i) write_atomically(folder / "f", i % 2 == 0 ? new_content : old_content);
  });
  for (int i = 0; i < 50; ++i) {
    const std::string seen = read(folder / "f");
    EXPECT_TRUE(seen == old_content || seen == new_content);
  }
}

TEST_F(FileTest, DevicesAreWrittenIntoAndStayDevices) {
  write_atomically("/dev/null", "gone");
  EXPECT_EQ(fs::status("/dev/null").type(), fs::file_type::character);
}

TEST_F(FileTest, TheLongestNameCanBeWritten) {
  const std::string name(255, 'n');
  write_atomically(folder / name, "x");
  write_atomically(folder / name, "y");
  EXPECT_EQ(read(folder / name), "y");
}

TEST_F(FileTest, AWriterTakesPiecesAndAppearsOnCommit) {
  std::string expected;
  AtomicWriter writer(folder / "f");
  for (int i = 0; i < 20000; ++i) {
    const std::string piece = std::to_string(i) + std::string(static_cast<std::size_t>(i % 97), '.');
    writer.write(piece);
    expected += piece;
  }
  const std::string large(1 << 20, 'L');
  writer.write(std::as_bytes(std::span(large)));
  expected += large;
  EXPECT_FALSE(fs::exists(folder / "f"));
  writer.commit();
  EXPECT_EQ(read(folder / "f"), expected);
}

TEST_F(FileTest, AWriterNotCommittedLeavesNothing) {
  {
    AtomicWriter writer(folder / "f");
    writer.write(std::string(1 << 20, 'x'));
    AtomicWriter moved = std::move(writer);
    moved.write("more");
  }
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(FileTest, MappedShowsTheBytesOfTheFile) {
  write_atomically(folder / "f", "hello");
  Mapped mapped(folder / "f");
  EXPECT_EQ(mapped.text(), "hello");
  Mapped moved = std::move(mapped);
  EXPECT_EQ(moved.bytes().size(), 5U);
  EXPECT_EQ(mapped.bytes().size(), 0U);     // NOLINT(bugprone-use-after-move): a moved-from one is empty
  write_atomically(folder / "f", "other");  // replaced, not changed: the mapping keeps the old file
  EXPECT_EQ(moved.text(), "hello");
  write_atomically(folder / "empty", "");
  EXPECT_TRUE(Mapped(folder / "empty").bytes().empty());
  EXPECT_THROW(Mapped(folder / "none"), InputError);
  EXPECT_THROW(Mapped("/dev/null"), InputError);
}

TEST_F(FileTest, AFolderAppearsWhole) {
  write_folder(folder / "out/", false, [&](const fs::path& place) {
    write_atomically(place / "a", "1");
    fs::create_directory(place / "sub");
    write_atomically(place / "sub" / "b", "2");
    EXPECT_FALSE(fs::exists(folder / "out"));
  });
  EXPECT_EQ(read(folder / "out" / "sub" / "b"), "2");
  EXPECT_THAT(names(), UnorderedElementsAre("out"));
}

TEST_F(FileTest, AFilledFolderIsKeptUnlessForcedAndThenOnlySameNamesChange) {
  fs::create_directories(folder / "out" / "sub");
  write_atomically(folder / "out" / "mine", "keep");
  write_atomically(folder / "out" / "a", "old");
  const auto fill = [](const fs::path& place) {
    write_atomically(place / "a", "new");
    fs::create_directory(place / "sub");
    write_atomically(place / "sub" / "b", "2");
  };
  EXPECT_THROW(write_folder(folder / "out", false, fill), InputError);
  EXPECT_EQ(read(folder / "out" / "a"), "old");
  write_folder(folder / "out", true, fill);
  EXPECT_EQ(read(folder / "out" / "a"), "new");
  EXPECT_EQ(read(folder / "out" / "mine"), "keep");
  EXPECT_EQ(read(folder / "out" / "sub" / "b"), "2");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "out"), fs::directory_iterator()), 3);
}

TEST_F(FileTest, AnEmptyFolderAndTheCurrentOneCanBeFilled) {
  fs::create_directory(folder / "out");
  const fs::path before = fs::current_path();
  fs::current_path(folder / "out");
  write_folder(".", false, [](const fs::path& place) { write_atomically(place / "a", "1"); });
  fs::current_path(before);
  EXPECT_EQ(read(folder / "out" / "a"), "1");
}

TEST_F(FileTest, AFolderWhoseFillingFailsLeavesNothing) {
  const auto fail = [](const fs::path& place) {
    write_atomically(place / "a", "1");
    throw NumericError("no");
  };
  EXPECT_THROW(write_folder(folder / "out", false, fail), NumericError);
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_THROW(write_folder(folder / "none" / "out", false, fail), InputError);
  write_atomically(folder / "f", "x");
  EXPECT_THROW(write_folder(folder / "f", true, fail), InputError);
}

}  // namespace
}  // namespace xchg::file
