#include "xchg/core/command/command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <sstream>

#include "xchg/core/command/signals.hpp"

namespace xchg::command {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ParseBytes, UnderstandsBinaryAndDecimalUnits) {
  EXPECT_EQ(parse_bytes("1048576"), 1048576U);
  EXPECT_EQ(parse_bytes("64MiB"), 64U << 20);
  EXPECT_EQ(parse_bytes("1.5G"), 3ULL << 29);
  EXPECT_EQ(parse_bytes("2GB"), 2000000000U);
  EXPECT_EQ(parse_bytes("0"), 0U);
}

TEST(ParseBytes, RefusesEverythingElse) {
  for (const char* text : {"", "GiB", "-1", "1 GiB", "1QiB", "nan", "1e30", "12x"}) {
    EXPECT_THROW(parse_bytes(text), InputError) << text;
  }
}

TEST(ParseRange, TakesTwoEndsAndAnOptionalCount) {
  const Range range = parse_range("0.5:2.5:9");
  EXPECT_EQ(range.low, 0.5);
  EXPECT_EQ(range.high, 2.5);
  EXPECT_EQ(range.count, 9U);
  EXPECT_EQ(parse_range("2:20").count, 0U);
}

TEST(ParseRange, RefusesEverythingElse) {
  for (const char* text : {"", "1", "1:", ":2", "3:2", "1:2:0", "1:2:x", "1:2:3:4", "a:b", "1:2 "}) {
    EXPECT_THROW(parse_range(text), InputError) << text;
  }
}

// A program with one engine and one verb, as main() builds it.
struct Program {
  std::ostringstream out, err;
  CLI::App root{"test"};
  Session session{out, err, "/nowhere"};
  CLI::App* verb = root.add_subcommand("engine", "")->add_subcommand("verb", "");

  ExitCode call(const std::string& line) {
    root.parse(line);
    return session.run(root);
  }
};

TEST(Session, RunsTheActionOfTheVerbWithItsOptions) {
  Program program;
  program.session.add_common(*program.verb,
                             {Common::Seed, Common::Threads, Common::Memory, Common::Isa, Common::TimeLimit});
  program.session.on(program.verb, [&] {
    EXPECT_EQ(program.session.common().seed, 42U);
    EXPECT_EQ(program.session.common().threads, 2);
    EXPECT_EQ(program.session.common().memory_bytes, 1U << 30);
    EXPECT_EQ(program.session.common().isa, Isa::Scalar);
    EXPECT_EQ(program.session.common().time_limit_seconds, 2.5);
    return ExitCode::ProvenNo;
  });
  EXPECT_EQ(program.call("engine verb --seed 42 --threads 2 --memory 1GiB --isa scalar --time-limit 2.5"),
            ExitCode::ProvenNo);
}

TEST(Session, WithoutAVerbThereIsNothingToRun) {
  Program program;
  EXPECT_THROW(program.call("engine"), InputError);
}

TEST(Session, BadCommonOptionsAreInputErrorsBeforeTheActionRuns) {
  Program program;
  program.session.add_common(*program.verb, {Common::Threads, Common::Memory, Common::Isa});
  bool ran = false;
  program.session.on(program.verb, [&] {
    ran = true;
    return ExitCode::Success;
  });
  EXPECT_THROW(program.call("engine verb --threads -4"), InputError);
  EXPECT_THROW(program.call("engine verb --memory much"), InputError);
  EXPECT_THROW(program.call("engine verb --isa sse"), InputError);
  EXPECT_FALSE(ran);
}

TEST(Session, ResultFrameHasTheKeysThatAreAlwaysThere) {
  Program program;
  const auto frame = program.session.result_frame("engine", {{"k", 3}});
  EXPECT_EQ(frame.at("engine"), "engine");
  EXPECT_EQ(frame.at("options").at("k"), 3);
  EXPECT_EQ(frame.at("seed"), 1);
  EXPECT_TRUE(frame.contains("version"));
}

TEST(Session, RunKeyIsLeftOutOnRequest) {
  Program program;
  program.session.add_common(*program.verb, {Common::Json});
  nlohmann::ordered_json with, without;
  program.session.add_run(with, {{"seconds", 1.5}});
  EXPECT_EQ(with.at("run").at("seconds"), 1.5);
  EXPECT_TRUE(with.at("run").contains("threads"));
  program.session.on(program.verb, [&] {
    program.session.add_run(without, {{"seconds", 1.5}});
    return ExitCode::Success;
  });
  program.call("engine verb --no-run");
  EXPECT_FALSE(without.contains("run"));
}

TEST(Session, QuietSilencesRemarksButNotWarnings) {
  Program program;
  program.session.add_common(*program.verb, {});
  program.session.on(program.verb, [&] {
    program.session.tell("a remark");
    program.session.warn("a doubt");
    return ExitCode::Success;
  });
  program.call("engine verb --quiet");
  EXPECT_THAT(program.err.str(), Not(HasSubstr("a remark")));
  EXPECT_THAT(program.err.str(), HasSubstr("xchg: warning: a doubt\n"));
}

TEST(Session, PageWithoutRendererNamesTheCommandThatInstallsIt) {
  Program program;
  const report::Chapter chapter("engine", "title");
  try {
    program.session.write_page(chapter, "never.html");
    FAIL() << "a page without its renderer";
  } catch (const InstallError& error) {
    EXPECT_THAT(error.what(), HasSubstr("./xchg tour"));
  }
}

// A stream in a temporary file, so that what was shown can be read back.
class Shown {
 public:
  std::FILE* stream() { return file_; }
  std::string text() {
    std::string all;
    std::rewind(file_);
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) all += static_cast<char>(c);
    return all;
  }
  ~Shown() { std::fclose(file_); }

 private:
  std::FILE* file_ = std::tmpfile();
};

TEST(TerminalProgress, BarShowsShareRateAndTimeLeftAndClears) {
  Shown shown;
  TerminalProgress progress(shown.stream(), TerminalProgress::Style::Bar,
                            TerminalProgress::Clock::duration::zero());
  progress.begin("counting", 200, "sheep");
  progress.note("two black");
  progress.update(50);
  progress.clear();
  const std::string text = shown.text();
  EXPECT_THAT(text, HasSubstr("counting [######..................] 25%"));
  EXPECT_THAT(text, HasSubstr("sheep/s"));
  EXPECT_THAT(text, HasSubstr("left"));
  EXPECT_THAT(text, HasSubstr("\r\033[K"));
}

TEST(TerminalProgress, LinesAreWholeAndRare) {
  Shown shown;
  TerminalProgress progress(shown.stream(), TerminalProgress::Style::Lines,
                            TerminalProgress::Clock::duration::zero());
  progress.begin("counting", 1000, "sheep");
  for (int i = 1; i <= 1000; ++i) progress.update(i);
  const std::string text = shown.text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(text.find('\033'), std::string::npos);
  EXPECT_TRUE(text.starts_with("xchg: counting 0%"));
}

TEST(TerminalProgress, SilentAndImpatientShowNothing) {
  Shown shown;
  TerminalProgress silent(shown.stream(), TerminalProgress::Style::Silent,
                          TerminalProgress::Clock::duration::zero());
  silent.begin("a", 10, "b");
  silent.update(5);
  TerminalProgress patient(shown.stream(), TerminalProgress::Style::Bar, std::chrono::hours(1));
  patient.begin("a", 10, "b");
  patient.update(5);
  EXPECT_EQ(shown.text(), "");
}

// Last, since the flag cannot be taken back.
TEST(ZSignals, FirstSignalSetsTheFlagAndCancelsProgress) {
  catch_signals();
  TerminalProgress progress(stderr, TerminalProgress::Style::Silent);
  EXPECT_FALSE(progress.cancelled());
  EXPECT_EXIT(
      {
        catch_signals();
        std::raise(SIGINT);
        if (!signal_received()) _exit(1);
        std::raise(SIGTERM);
        _exit(2);
      },
      ::testing::ExitedWithCode(130), "");
  std::raise(SIGTERM);
  EXPECT_TRUE(progress.cancelled());
}

}  // namespace
}  // namespace xchg::command
