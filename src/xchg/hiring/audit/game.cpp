#include "xchg/hiring/audit/game.hpp"

#include <type_traits>

#include "xchg/hiring/instance/law.hpp"

namespace xchg::hiring::play {
namespace {

// Numbers of laws that are kept before they are all made anew.
constexpr std::size_t most_kept = std::size_t{1} << 26;

template <class Number>
Number number(const Rational& value) {
  if constexpr (std::is_same_v<Number, double>) {
    return to_double(value);
  } else {
    return value;
  }
}

template <class Number>
std::vector<Number> numbers(const std::vector<Rational>& values) {
  std::vector<Number> out;
  for (const Rational& value : values) out.push_back(number<Number>(value));
  return out;
}

// The tuples of some digits, and what each adds to the number of a whole tuple.
Radix part_of(const Radix& all, const std::vector<int>& members, std::vector<std::size_t>& offset) {
  std::vector<int> sizes;
  for (const int i : members) sizes.push_back(all.size(static_cast<std::size_t>(i)));
  Radix part(std::move(sizes));
  offset.resize(part.count());
  for (std::size_t tuple = 0; tuple < part.count(); ++tuple) {
    for (std::size_t k = 0; k < members.size(); ++k) {
      offset[tuple] +=
          all.stride(static_cast<std::size_t>(members[k])) * static_cast<std::size_t>(part.digit(tuple, k));
    }
  }
  return part;
}

}  // namespace

template <class Number>
Game<Number>::Game(const Instance& instance)
    : efforts_(instance.efforts()), signals_(instance.signals()), states_(instance.states.size()) {
  if constexpr (std::is_same_v<Number, double>) {
    make_ = [law = LawOfDoubles(instance)](std::size_t b) {
      Row row(law.cells());
      law.profile(b, row);
      return row;
    };
  } else {
    make_ = [instance](std::size_t b) { return exact_law(instance, b); };
  }
  for (const Agent& agent : instance.agents) costs_.push_back(numbers<Number>(agent.costs));
  for (const auto& decision : instance.utility) {
    for (const Rational& u : decision) utility_.push_back(number<Number>(u));
  }
}

template <class Number>
std::shared_ptr<const std::vector<Number>> Game<Number>::law(std::size_t b) const {
  const auto kept = rows_.find(b);
  if (kept != rows_.end()) return kept->second;
  if ((rows_.size() + 1) * cells() > most_kept) rows_.clear();
  return rows_.emplace(b, std::make_shared<const Row>(make_(b))).first->second;
}

template class Game<double>;
template class Game<Rational>;

template <class Number>
Posted<Number> posted(const Instance& instance, const Mechanism& mechanism) {
  const std::size_t states = instance.states.size(), cells = instance.signals().count() * states;
  Posted<Number> out;
  for (const Entry& entry : mechanism.support) {
    Offer<Number> offer{entry.profile, number<Number>(entry.probability), {}, entry.decision};
    offer.payments.assign(instance.agents.size(), std::vector<Number>(cells));
    for (const Payment& payment : entry.payments) {
      offer.payments[static_cast<std::size_t>(payment.agent)]
                    [payment.reports * states + static_cast<std::size_t>(payment.state)] =
          number<Number>(payment.amount);
    }
    out.push_back(std::move(offer));
  }
  return out;
}

template Posted<double> posted<double>(const Instance&, const Mechanism&);
template Posted<Rational> posted<Rational>(const Instance&, const Mechanism&);

Group::Group(const Radix& efforts, const Radix& signals, std::vector<int> members)
    : members_(std::move(members)),
      all_efforts_(efforts),
      efforts_(part_of(efforts, members_, effort_offset_)),
      signals_(part_of(signals, members_, signal_offset_)),
      signal_part_(signals.count()) {
  for (std::size_t s = 0; s < signals.count(); ++s) {
    std::size_t part = 0;
    for (std::size_t k = 0; k < members_.size(); ++k) {
      part += signals_.stride(k) *
              static_cast<std::size_t>(signals.digit(s, static_cast<std::size_t>(members_[k])));
    }
    signal_part_[s] = static_cast<std::uint32_t>(part);
  }
}

std::size_t Group::effort(std::size_t b) const {
  std::size_t part = 0;
  for (std::size_t k = 0; k < members_.size(); ++k) {
    part += efforts_.stride(k) *
            static_cast<std::size_t>(all_efforts_.digit(b, static_cast<std::size_t>(members_[k])));
  }
  return part;
}

}  // namespace xchg::hiring::play
