// Names of methods and starts, and what is known of each method.
#include <algorithm>
#include <array>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {
namespace {

struct MethodFacts {
  Method method;
  std::string_view name;
  Objective objective;
  bool ends_swap_optimal;
};

constexpr auto td = Objective::TotalDeviation;
constexpr auto medoid_silhouette = Objective::MedoidSilhouette;
constexpr std::array method_facts{
    MethodFacts{Method::FasterPAM, "fasterpam", td, true},
    MethodFacts{Method::FastPAM1, "fastpam1", td, true},
    MethodFacts{Method::FastPAM2, "fastpam2", td, true},
    MethodFacts{Method::PAM, "pam", td, true},
    MethodFacts{Method::Alternating, "alternating", td, false},
    MethodFacts{Method::CLARA, "clara", td, false},
    MethodFacts{Method::FastCLARA, "fastclara", td, false},
    MethodFacts{Method::FasterCLARA, "fasterclara", td, false},
    MethodFacts{Method::CLARANS, "clarans", td, false},
    MethodFacts{Method::FastCLARANS, "fastclarans", td, false},
    MethodFacts{Method::FasterMSC, "fastermsc", medoid_silhouette, true},
    MethodFacts{Method::FastMSC, "fastmsc", medoid_silhouette, true},
    MethodFacts{Method::PAMMEDSIL, "pammedsil", medoid_silhouette, true},
    MethodFacts{Method::PAMSIL, "pamsil", Objective::Silhouette, true},
};

constexpr std::array init_names{
    std::pair{Init::Random, std::string_view("random")},
    std::pair{Init::Build, std::string_view("build")},
    std::pair{Init::LAB, std::string_view("lab")},
    std::pair{Init::PlusPlus, std::string_view("plusplus")},
    std::pair{Init::ParkJun, std::string_view("park_jun")},
    std::pair{Init::First, std::string_view("first")},
    std::pair{Init::Given, std::string_view("given")},
    std::pair{Init::Bound, std::string_view("bound")},
};

constexpr std::array objective_names{
    std::pair{Objective::TotalDeviation, std::string_view("td")},
    std::pair{Objective::MedoidSilhouette, std::string_view("medoid-silhouette")},
    std::pair{Objective::Silhouette, std::string_view("silhouette")},
};

const MethodFacts& facts(Method method) { return method_facts.at(static_cast<std::size_t>(method)); }

[[noreturn]] void refuse(std::string_view what, const std::string& text,
                         const std::vector<std::string>& names) {
  throw InputError("unknown " + std::string(what) + " '" + text + "'" + text::suggestion(text, names));
}

}  // namespace

std::string_view name(Method method) { return facts(method).name; }
Objective objective(Method method) { return facts(method).objective; }
bool ends_swap_optimal(Method method) { return facts(method).ends_swap_optimal; }
std::string_view name(Init init) { return init_names.at(static_cast<std::size_t>(init)).second; }

std::string_view name(Objective objective) {
  return objective_names.at(static_cast<std::size_t>(objective)).second;
}

std::span<const Method> methods() {
  static constexpr auto all = [] {
    std::array<Method, method_facts.size()> list{};
    std::transform(method_facts.begin(), method_facts.end(), list.begin(),
                   [](const MethodFacts& entry) { return entry.method; });
    return list;
  }();
  return all;
}

std::span<const Init> inits() {
  static constexpr auto all = [] {
    std::array<Init, init_names.size()> list{};
    std::transform(init_names.begin(), init_names.end(), list.begin(),
                   [](const auto& entry) { return entry.first; });
    return list;
  }();
  return all;
}

Method parse_method(const std::string& text) {
  std::vector<std::string> names;
  for (const MethodFacts& entry : method_facts) {
    if (text == entry.name) return entry.method;
    names.emplace_back(entry.name);
  }
  refuse("method", text, names);
}

Objective parse_objective(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& [objective, name] : objective_names) {
    if (text == name) return objective;
    names.emplace_back(name);
  }
  refuse("objective", text, names);
}

Init parse_init(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& [init, name] : init_names) {
    if (text == name) return init;
    names.emplace_back(name);
  }
  refuse("initialisation", text, names);
}

}  // namespace xchg::kmedoids
