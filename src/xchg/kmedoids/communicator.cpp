#include "xchg/kmedoids/communicator.hpp"

#include <algorithm>
#include <string>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/message.hpp"

namespace xchg::kmedoids {
namespace {

// A message begins with an exit code: 0 and what was made, or that of an error and its text.
Bytes made_or_error(const std::function<Bytes()>& make) {
  MessageWriter message;
  try {
    const Bytes made = make();
    message.add(static_cast<int>(ExitCode::Success));
    message.add_all(std::span<const std::byte>(made));
  } catch (const Error& error) {
    message = {};
    message.add(static_cast<int>(error.exit_code()));
    message.add_all(std::span<const char>(std::string_view(error.what())));
  }
  return message.take();
}

Bytes unwrap(const Bytes& message) {
  MessageReader reader(message);
  const auto code = static_cast<ExitCode>(reader.next<int>());
  if (code == ExitCode::Success) return reader.rest<std::byte>();
  const std::vector<char> letters = reader.rest<char>();
  const std::string text(letters.begin(), letters.end());
  switch (code) {
    case ExitCode::Input:
      throw InputError(text);
    case ExitCode::Limit:
      throw LimitError(text);
    case ExitCode::Interrupted:
      throw CancelledError(text);
    default:
      throw NumericError(text);
  }
}

}  // namespace

std::vector<Bytes> exchange(Communicator& communicator, const std::function<Bytes()>& make) {
  std::vector<Bytes> all = communicator.all_gather(made_or_error(make));
  for (Bytes& message : all) message = unwrap(message);
  return all;
}

Bytes from_first(Communicator& communicator, const std::function<Bytes()>& make) {
  return unwrap(communicator.broadcast(0, communicator.rank() == 0 ? made_or_error(make) : Bytes{}));
}

bool any_rank(Communicator& communicator, bool here) {
  const std::vector<Bytes> all = communicator.all_gather({static_cast<std::byte>(here)});
  return std::any_of(all.begin(), all.end(), [](const Bytes& one) { return one.front() != std::byte{0}; });
}

}  // namespace xchg::kmedoids
