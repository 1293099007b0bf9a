// Values as the bytes of a message between processes of one program on machines of one kind.
#pragma once

#include <cstring>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "xchg/kmedoids/communicator.hpp"

namespace xchg::kmedoids {

class MessageWriter {
 public:
  template <class T>
  void add(const T& value) {
    add_all(std::span<const T>(&value, 1));
  }
  // Without their number.
  template <class T>
  void add_all(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (values.empty()) return;
    const auto* first = reinterpret_cast<const std::byte*>(values.data());
    bytes_.insert(bytes_.end(), first, first + values.size_bytes());
  }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

// Gives the values back in the order in which they were added.
class MessageReader {
 public:
  explicit MessageReader(const Bytes& bytes) : bytes_(bytes) {}

  template <class T>
  T next() {
    T value;
    read(&value, sizeof(T));
    return value;
  }
  template <class T>
  std::vector<T> next(std::size_t count) {
    std::vector<T> values(count);
    if (count > 0) read(values.data(), count * sizeof(T));
    return values;
  }
  template <class T>
  std::vector<T> rest() {
    return next<T>((bytes_.size() - at_) / sizeof(T));
  }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  void read(void* to, std::size_t size) {
    std::memcpy(to, bytes_.data() + at_, size);
    at_ += size;
  }

  const Bytes& bytes_;
  std::size_t at_ = 0;
};

}  // namespace xchg::kmedoids
