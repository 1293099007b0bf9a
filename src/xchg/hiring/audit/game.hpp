// What agents face once a mechanism is posted: true laws and costs, and the offer in flat arrays; in doubles
// or exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring::play {

// The truth about an instance. Rows of the law are computed when first asked for and kept while they fit;
// for one thread.
template <class Number>
class Game {
 public:
  using Row = std::vector<Number>;

  explicit Game(const Instance& instance);

  const Radix& efforts() const { return efforts_; }
  const Radix& signals() const { return signals_; }
  std::size_t agents() const { return efforts_.digits(); }
  std::size_t states() const { return states_; }
  std::size_t cells() const { return signals_.count() * states_; }
  // P^b, [s * states + theta].
  std::shared_ptr<const Row> law(std::size_t b) const;
  const Number& cost(std::size_t agent, std::size_t effort) const { return costs_[agent][effort]; }
  // Of the principal.
  const Number& utility(std::size_t decision, std::size_t state) const {
    return utility_[decision * states_ + state];
  }

 private:
  Radix efforts_, signals_;
  std::size_t states_;
  std::function<Row(std::size_t)> make_;
  mutable std::unordered_map<std::size_t, std::shared_ptr<const Row>> rows_;
  std::vector<Row> costs_;
  Row utility_;
};

// One recommended profile of a posted mechanism.
template <class Number>
struct Offer {
  std::size_t profile = 0;
  Number probability = 0;                     // > 0
  std::vector<std::vector<Number>> payments;  // [agent][reports * states + theta]
  std::vector<int> decision;                  // [report profile]
};

// A posted mechanism.
template <class Number>
using Posted = std::vector<Offer<Number>>;

// A mechanism that belongs to the instance, with dense payments.
template <class Number>
Posted<Number> posted(const Instance& instance, const Mechanism& mechanism);

// Agents who act as one, sharing recommendations, signals and payments: their efforts and signals are tuples,
// numbered with the last member's fastest. One agent alone is a group.
class Group {
 public:
  Group(const Radix& efforts, const Radix& signals, std::vector<int> members);

  const std::vector<int>& members() const { return members_; }
  const Radix& efforts() const { return efforts_; }
  const Radix& signals() const { return signals_; }
  // The group's part of an effort profile or a signal profile, and the profile with another such part.
  std::size_t effort(std::size_t b) const;
  std::size_t with_effort(std::size_t b, std::size_t effort) const {
    return b - effort_offset_[this->effort(b)] + effort_offset_[effort];
  }
  std::size_t signal(std::size_t s) const { return signal_part_[s]; }
  std::size_t with_signal(std::size_t s, std::size_t signal) const {
    return s - signal_offset_[signal_part_[s]] + signal_offset_[signal];
  }
  // What an effort tuple costs all members together.
  template <class Number>
  Number cost(const Game<Number>& game, std::size_t effort) const {
    Number sum = 0;
    for (std::size_t k = 0; k < members_.size(); ++k) {
      sum += game.cost(static_cast<std::size_t>(members_[k]),
                       static_cast<std::size_t>(efforts_.digit(effort, k)));
    }
    return sum;
  }
  // What a cell of reports and state pays all members together.
  template <class Number>
  Number payment(const Offer<Number>& offer, std::size_t cell) const {
    Number sum = offer.payments[static_cast<std::size_t>(members_[0])][cell];
    for (std::size_t k = 1; k < members_.size(); ++k) {
      sum += offer.payments[static_cast<std::size_t>(members_[k])][cell];
    }
    return sum;
  }

 private:
  std::vector<int> members_;
  // What a tuple adds to a profile's number; filled where efforts_ and signals_ are made.
  std::vector<std::size_t> effort_offset_, signal_offset_;
  Radix all_efforts_, efforts_, signals_;
  std::vector<std::uint32_t> signal_part_;  // [s]
};

}  // namespace xchg::hiring::play
