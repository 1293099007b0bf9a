#include <fmt/format.h>

#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {
namespace {

// FNV-1a, 64 bits. It tells instances apart that were mixed up, not ones that were forged.
class Fingerprint {
 public:
  void add(std::string_view text) {
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
    add_byte(0);
  }
  void add(const Rational& value) { add(text(value)); }
  void add(const std::vector<Rational>& values) {
    add(fmt::format("{}:", values.size()));
    for (const Rational& value : values) add(value);
  }
  std::string hexadecimal() const { return fmt::format("{:016x}", hash_); }

 private:
  void add_byte(unsigned char byte) {
    hash_ ^= byte;
    hash_ *= 0x100000001b3;
  }
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace

std::string fingerprint(const Instance& instance) {
  Fingerprint print;
  print.add(fmt::format("{} {}", instance.states.size(), instance.decisions.size()));
  for (const auto& row : instance.utility) print.add(row);
  for (const Agent& agent : instance.agents) {
    print.add(fmt::format("{} {}", agent.efforts.size(), agent.signals.size()));
    print.add(agent.costs);
  }
  print.add(fmt::format("{}", static_cast<int>(instance.law.form)));
  print.add(instance.law.latent_prior);
  for (const auto& row : instance.law.state_given_latent) print.add(row);
  for (const auto& agent : instance.law.signal) {
    for (const auto& effort : agent) {
      for (const auto& row : effort) print.add(row);
    }
  }
  for (const auto& row : instance.law.table) print.add(row);
  return print.hexadecimal();
}

}  // namespace xchg::hiring
