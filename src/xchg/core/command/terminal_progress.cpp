#include "xchg/core/command/terminal_progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/command/signals.hpp"
#include "xchg/core/text.hpp"

namespace xchg::command {
namespace {

constexpr auto bar_interval = std::chrono::milliseconds(100);
constexpr auto line_interval = std::chrono::seconds(5);

std::size_t terminal_columns(std::FILE* stream) {
  winsize size = {};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

TerminalProgress::TerminalProgress(std::FILE* stream, Style style, Clock::duration patience)
    : stream_(stream), style_(style), patience_(patience), start_(Clock::now()), shown_(start_) {}

TerminalProgress::~TerminalProgress() { clear(); }

TerminalProgress::Style TerminalProgress::style_for(std::FILE* stream, bool quiet) {
  if (quiet) return Style::Silent;
  return isatty(fileno(stream)) != 0 ? Style::Bar : Style::Lines;
}

void TerminalProgress::begin(std::string_view stage, double total, std::string_view unit) {
  stage_ = stage;
  unit_ = unit;
  total_ = total;
  done_ = 0;
  note_.clear();
  start_ = shown_ = Clock::now();
}

void TerminalProgress::update(double done) {
  done_ = done;
  if (style_ == Style::Silent) return;
  const auto now = Clock::now();
  const bool first = shown_ == start_;
  if (now - start_ < patience_) return;
  if (!first &&
      now - shown_ < (style_ == Style::Bar ? Clock::duration(bar_interval) : Clock::duration(line_interval)))
    return;
  show(now);
}

void TerminalProgress::note(std::string_view text) { note_ = text; }

bool TerminalProgress::cancelled() const { return signal_received(); }

void TerminalProgress::clear() {
  if (!visible_) return;
  std::fputs("\r\033[K", stream_);
  std::fflush(stream_);
  visible_ = false;
}

std::string TerminalProgress::line(Clock::time_point now) const {
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = seconds > 0 ? done_ / seconds : 0;
  std::string text = stage_;
  if (total_ > 0) {
    const double part = std::clamp(done_ / total_, 0.0, 1.0);
    if (style_ == Style::Bar) {
      constexpr int cells = 24;
      const int full = static_cast<int>(std::lround(part * cells));
      text += " [" + std::string(static_cast<std::size_t>(full), '#') +
              std::string(static_cast<std::size_t>(cells - full), '.') + "]";
    }
    text += fmt::format(" {:.0f}%", 100 * part);
  }
  text += fmt::format(", {:.3g} {}/s", rate, unit_);
  if (total_ > 0 && rate > 0) text += ", " + text::duration(std::max(0.0, total_ - done_) / rate) + " left";
  if (!note_.empty()) text += ", " + note_;
  return text;
}

void TerminalProgress::show(Clock::time_point now) {
  shown_ = now;
  std::string text = line(now);
  if (style_ == Style::Bar) {
    const std::size_t columns = terminal_columns(stream_);
    if (text.size() >= columns) text.resize(columns - 1);
    fmt::print(stream_, "\r\033[K{}", text);
    visible_ = true;
  } else {
    fmt::print(stream_, "xchg: {}\n", text);
  }
  std::fflush(stream_);
}

}  // namespace xchg::command
