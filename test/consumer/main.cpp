// Uses the installed library as a stranger would: prints a random number and catches an error.
#include <iostream>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/threads.hpp"

int main() {
  xchg::Random random(1);
  std::cout << random() << '\n';
  try {
    xchg::resolve_threads(-1);
  } catch (const xchg::InputError& error) {
    std::cout << error.what() << '\n';
  }
}
