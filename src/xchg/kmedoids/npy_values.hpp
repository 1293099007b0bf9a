// Elements of NPY arrays in the types that matrices keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "xchg/core/npy.hpp"
#include "xchg/kmedoids/places.hpp"

namespace xchg::kmedoids {

template <class From, class To>
std::vector<To> converted(std::span<const std::byte> bytes, const std::string& source) {
  const std::span values(reinterpret_cast<const From*>(bytes.data()), bytes.size() / sizeof(From));
  std::vector<To> result;
  result.reserve(values.size());
  for (const From value : values) {
    if (!std::in_range<To>(value)) {
      throw InputError(fmt::format("value {} is {}", result.size() + 1, value), {source},
                       fmt::format("at most {}", std::numeric_limits<To>::max()));
    }
    result.push_back(static_cast<To>(value));
  }
  return result;
}

// Calls use(span of T) for the six types of values that are kept as they are, and use(vector of T) for the
// others, which int32 or int64 holds exactly. Throws InputError for values beyond int64.
template <class F>
auto visit_values(npy::Type type, std::span<const std::byte> bytes, const std::string& source, F use) {
  const auto as = [&]<class T>(T) {
    return std::span<const T>(reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T));
  };
  switch (type) {
    case npy::Type::Float64:
      return use(as(double{}));
    case npy::Type::Float32:
      return use(as(float{}));
    case npy::Type::Int32:
      return use(as(std::int32_t{}));
    case npy::Type::Int64:
      return use(as(std::int64_t{}));
    case npy::Type::UInt16:
      return use(as(std::uint16_t{}));
    case npy::Type::UInt8:
    case npy::Type::Bool:
      return use(as(std::uint8_t{}));
    case npy::Type::Int8:
      return use(converted<std::int8_t, std::int32_t>(bytes, source));
    case npy::Type::Int16:
      return use(converted<std::int16_t, std::int32_t>(bytes, source));
    case npy::Type::UInt32:
      return use(converted<std::uint32_t, std::int64_t>(bytes, source));
    case npy::Type::UInt64:
      break;
  }
  return use(converted<std::uint64_t, std::int64_t>(bytes, source));
}

}  // namespace xchg::kmedoids
