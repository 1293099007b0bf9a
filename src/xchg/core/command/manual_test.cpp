#include "xchg/core/command/manual.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

namespace xchg::command::manual {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A small program with one option of each kind.
class ManualTest : public testing::Test {
 protected:
  ManualTest() {
    CLI::App* engine = root_.add_subcommand("engine", "Turns what's in into what's out");
    CLI::App* verb = engine->add_subcommand("turn", "Turns");
    verb->add_option("input", text_, "What to turn")->required();
    verb->add_option("--method", text_, "How")->check(CLI::IsMember({"fast", "slow"}))->default_str("fast");
    verb->add_option("-k,--count", count_, ".5 of all \\ at most [two]")->required();
    verb->add_option("-o,--output", text_, "Where to")->type_name("FILE");
    verb->add_option("--out", text_, "Folder for pictures")->type_name("FOLDER");
    verb->add_flag("--quiet", flag_, "Say nothing");
    verb->add_option("--secret", text_, "Not shown")->group("");
    Session::add_examples(*verb, {"xchg engine turn my.csv", "xchg engine turn - --method slow"});
    root_.add_subcommand("hidden", "Not shown")->group("");
    root_.add_subcommand("unbuilt", "An engine that is not in this build");
    tree_ = describe(root_);
  }

  const Command& verb() const { return tree_.commands.at(0).commands.at(0); }
  const Parameter& option(const std::string& name) const {
    for (const Parameter& option : verb().options) {
      if (option.names.back() == name) return option;
    }
    throw std::out_of_range(name);
  }
  // What bash offers for a line whose last word is being typed; files and folders show as <default>,
  // <dirnames>.
  std::string bash(const std::string& words) const {
    const std::string script = testing::TempDir() + "xchg_manual_test." + std::to_string(getpid()) + ".bash";
    std::ofstream(script) << bash_completion(tree_) << "compopt() { printf '<%s>' \"$2\"; }\nCOMP_WORDS=("
                          << words
                          << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_xchg\necho \"${COMPREPLY[*]}\"\n";
    const std::string command = "bash " + script;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
    std::array<char, 4096> buffer{};
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
    std::string answer(buffer.data(), count);
    if (!answer.empty()) answer.pop_back();
    return answer;
  }

  CLI::App root_{"xchg: turns things", "xchg"};
  std::string text_;
  int count_ = 0;
  bool flag_ = false;
  Command tree_;
};

TEST_F(ManualTest, TheTreeIsDescribedWithoutWhatIsHidden) {
  EXPECT_EQ(tree_.summary, "turns things");
  ASSERT_EQ(tree_.commands.size(), 2U);
  EXPECT_TRUE(tree_.commands[0].engine());
  EXPECT_FALSE(tree_.commands[1].engine());
  EXPECT_EQ(synopsis(verb()), "xchg engine turn -k INT [options] input");
  EXPECT_EQ(verb().examples, "xchg engine turn my.csv\nxchg engine turn - --method slow\n");
  EXPECT_THROW(option("--secret"), std::out_of_range);
}

TEST_F(ManualTest, ValuesAreToldApart) {
  EXPECT_EQ(option("--method").completion, Completion::Words);
  EXPECT_THAT(option("--method").words, ElementsAre("fast", "slow"));
  EXPECT_EQ(option("--method").value, "fast|slow");
  EXPECT_EQ(option("--count").completion, Completion::Nothing);
  EXPECT_EQ(option("--output").completion, Completion::Files);
  EXPECT_EQ(option("--out").completion, Completion::Folders);
  EXPECT_EQ(option("--quiet").value, "");
  EXPECT_EQ(verb().inputs.at(0).completion, Completion::Files);
}

TEST_F(ManualTest, TheManPageEscapesWhatRoffWouldTakeForARequest) {
  const std::string page = man_page(tree_, tree_.commands[0]);
  EXPECT_THAT(page, HasSubstr("\n\\&.5 of all \\e at most [two]. Required.\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-method\\fR \\fIfast|\\:slow\\fR\nHow. Default: fast.\n"));
  EXPECT_THAT(page, HasSubstr(".SH SEE ALSO\n\\fBxchg\\fR(1)\n"));
  EXPECT_THAT(page, Not(HasSubstr("secret")));
  EXPECT_THAT(man_page(tree_, tree_), HasSubstr("see \\fBxchg\\-engine\\fR(1)"));
}

TEST_F(ManualTest, TheReferenceHasEveryVerbWithItsOptionsAndExamples) {
  const std::string text = markdown(tree_);
  EXPECT_THAT(text,
              HasSubstr("### xchg engine turn\n\nTurns.\n\n    xchg engine turn -k INT [options] input\n"));
  EXPECT_THAT(text, HasSubstr("| `--method fast\\|slow` | How. Default: fast. |\n"));
  EXPECT_THAT(text, HasSubstr("    xchg engine turn - --method slow\n"));
  EXPECT_THAT(text, HasSubstr("\n### xchg unbuilt\n"));
}

TEST_F(ManualTest, BashOffersEnginesVerbsOptionsAndChoices) {
  EXPECT_EQ(bash("xchg ''"), "engine unbuilt");
  EXPECT_EQ(bash("xchg en"), "engine");
  EXPECT_EQ(bash("xchg engine ''"), "turn");
  EXPECT_EQ(bash("xchg engine turn --m"), "--method");
  EXPECT_EQ(bash("xchg engine turn --method ''"), "fast slow");
  EXPECT_EQ(bash("xchg engine turn --method = s"), "slow");
  EXPECT_EQ(bash("xchg engine turn --method ="), "fast slow");
}

TEST_F(ManualTest, BashOffersFilesWhereAFileStands) {
  EXPECT_EQ(bash("xchg engine turn ''"), "<default>");
  EXPECT_EQ(bash("xchg engine turn --quiet -k 3 my"), "<default>");
  EXPECT_EQ(bash("xchg engine turn -o ''"), "<default>");
  EXPECT_EQ(bash("xchg engine turn --out ''"), "<dirnames>");
  EXPECT_EQ(bash("xchg engine turn my.csv ''"), "") << "one input is enough";
  EXPECT_EQ(bash("xchg engine turn -k ''"), "");
  EXPECT_EQ(bash("xchg engine turn -k 2 : 9 my"), "<default>") << "a range is one value";
}

TEST_F(ManualTest, AValueThatIsNamedLikeACommandIsNoCommand) {
  EXPECT_EQ(bash("xchg engine turn --method turn --q"), "--quiet");
}

}  // namespace
}  // namespace xchg::command::manual
