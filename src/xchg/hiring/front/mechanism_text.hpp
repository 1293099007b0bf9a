// Mechanisms for people.
#pragma once

#include <string>

#include "xchg/hiring/design.hpp"

namespace xchg::hiring {

// "0.602198 (274/455)"; the fraction is left out where it is long, and for whole numbers.
std::string amount_text(const Rational& value);
// "work, rest": the efforts of a profile.
std::string profile_text(const Instance& instance, std::size_t b);

// Who works when: a line for each recommended profile with its probability and everybody's expected pay.
std::string schedule_text(const Instance& instance, const Mechanism& mechanism);
// What is paid and what is decided, by recommendation, equal lines merged; at most so many lines.
std::string payments_text(const Instance& instance, const Mechanism& mechanism, std::size_t most_lines = 200);
// What simpler mechanisms reach, beside the best one.
std::string ladder_text(const Ladder& ladder);

}  // namespace xchg::hiring
