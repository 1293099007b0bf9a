# cmake --build build/release --target reference: build/release/reference/index.html with the C++ reference (Doxygen,
# from the public headers), the Python reference (pydoc) and the command line (the program's own manual).
#
# pydoc of the standard library and not Sphinx: the docstrings are plain text, it needs nothing installed, and its pages
# link between modules, which is all that a handful of modules needs.
find_program(XCHG_DOXYGEN doxygen)
set(REFERENCE_FOLDER "${PROJECT_BINARY_DIR}/reference")
set(missing "")
if(NOT XCHG_DOXYGEN)
  set(missing "doxygen: apt-get install doxygen, then configure again")
elseif(NOT XCHG_BUILD_PYTHON OR NOT XCHG_BUILD_PROGRAM)
  set(missing "the program and the Python package: configure with -DXCHG_BUILD_PROGRAM=ON -DXCHG_BUILD_PYTHON=ON")
endif()
if(missing)
  add_custom_target(reference
    COMMAND ${CMAKE_COMMAND} -E echo "The reference needs ${missing}"
    COMMAND ${CMAKE_COMMAND} -E false VERBATIM)
  return()
endif()

set(REFERENCE_HEADERS "")
get_property(rooms GLOBAL PROPERTY XCHG_ALL_ROOMS)
foreach(room IN LISTS rooms)
  get_property(headers GLOBAL PROPERTY XCHG_${room}_PUBLIC_HEADERS)
  foreach(header IN LISTS headers)
    string(APPEND REFERENCE_HEADERS " \\\n  \"${header}\"")
  endforeach()
endforeach()
configure_file("${PROJECT_SOURCE_DIR}/docs/reference/Doxyfile.in" "${PROJECT_BINARY_DIR}/generated/Doxyfile" @ONLY)

add_custom_target(reference
  COMMAND ${CMAKE_COMMAND} -E rm -rf "${REFERENCE_FOLDER}"
  COMMAND ${CMAKE_COMMAND} -E make_directory "${REFERENCE_FOLDER}"
  COMMAND "${XCHG_DOXYGEN}" "${PROJECT_BINARY_DIR}/generated/Doxyfile"
  COMMAND ${CMAKE_COMMAND} "-DLOG=${PROJECT_BINARY_DIR}/generated/doxygen.log"
          -P "${PROJECT_SOURCE_DIR}/cmake/CheckReference.cmake"
  COMMAND "${Python3_EXECUTABLE}" "${PROJECT_SOURCE_DIR}/docs/reference/write_python.py"
          "${PROJECT_BINARY_DIR}/python" "${REFERENCE_FOLDER}"
  COMMENT "Writing ${REFERENCE_FOLDER}/index.html" VERBATIM)
add_dependencies(reference xchg_manual xchg_python)
