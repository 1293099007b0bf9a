// Numbers of an instance by their names, in JSON documents.
#pragma once

#include <string>
#include <vector>

#include "xchg/core/json.hpp"
#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {

// The number of the name that stands at a place. Throws InputError, with the nearest name.
int name_at(const json::Reader& place, const std::vector<std::string>& names, const char* what);
// A tuple of one name for each agent: efforts, or signals.
std::size_t efforts_at(const json::Reader& place, const Instance& instance);
std::size_t signals_at(const json::Reader& place, const Instance& instance);

// The names of a tuple.
std::vector<std::string> effort_names(const Instance& instance, std::size_t b);
std::vector<std::string> signal_names(const Instance& instance, std::size_t s);

// The exact number at KEY_exact; where it is absent, the number at KEY. Both must agree within 1e-9 where
// both are there, so that nobody changes one of them in vain.
Rational exact_at(json::Reader& object, const std::string& key);

}  // namespace xchg::hiring
