// Progress for people: a bar with rate and time left on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "xchg/core/progress.hpp"

namespace xchg::command {

class TerminalProgress final : public Progress {
 public:
  enum class Style { Silent, Bar, Lines };
  using Clock = std::chrono::steady_clock;

  // Nothing is shown before a stage has lasted `patience`.
  explicit TerminalProgress(std::FILE* stream, Style style,
                            Clock::duration patience = std::chrono::milliseconds(400));
  ~TerminalProgress() override;
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  // Bar if `stream` is a terminal, lines otherwise, nothing if `quiet`.
  static Style style_for(std::FILE* stream, bool quiet);

  void begin(std::string_view stage, double total, std::string_view unit) override;
  void update(double done) override;
  void note(std::string_view text) override;
  bool cancelled() const override;

  // Takes the bar off the screen, so that other output can follow.
  void clear();

 private:
  void show(Clock::time_point now);
  std::string line(Clock::time_point now) const;

  std::FILE* stream_;
  Style style_;
  Clock::duration patience_;
  std::string stage_, unit_, note_;
  double total_ = 0, done_ = 0;
  Clock::time_point start_, shown_;
  bool visible_ = false;
};

}  // namespace xchg::command
