# cmake -DLOG=doxygen.log -P CheckReference.cmake: fails on every warning of Doxygen but one. Members of a class or struct
# may go without a comment, for many say all with their name; classes, structs, enumerations and free functions may not.
file(STRINGS "${LOG}" warnings)
list(FILTER warnings EXCLUDE REGEX "Member .* \\((variable|function|typedef|enumeration)\\) of (class|struct) .* is not documented")
if(warnings)
  list(JOIN warnings "\n" text)
  message(FATAL_ERROR "The reference has faults:\n${text}")
endif()
