# tidy: clang-tidy on what differs from the branch main; tidy-all: on everything (minutes); format-check: whether
# clang-format would leave the tree as it is. All need the Debian package of that name and say so.
find_package(Python3 QUIET COMPONENTS Interpreter)
if(Python3_Interpreter_FOUND)
  set(tidy "${Python3_EXECUTABLE}" "${PROJECT_SOURCE_DIR}/tools/tidy.py" --build "${PROJECT_BINARY_DIR}")
  add_custom_target(tidy COMMAND ${tidy} USES_TERMINAL VERBATIM)
  add_custom_target(tidy-all COMMAND ${tidy} --all USES_TERMINAL VERBATIM)
  add_custom_target(format-check COMMAND ${tidy} --format USES_TERMINAL VERBATIM)
endif()
