# xchg_room(NAME SUMMARY "…" [USES room…] [HEAVY] [PACKAGES "package arguments…"…] [LIBRARIES target…]
#           [PUBLIC_HEADERS file…] [APART folder…])
#
# Declares the folder that calls it as a room. Its files may lie in subfolders; one with a CMakeLists.txt of its own is
# left to that, one named by APART to whoever calls. What a file is follows from its name:
#   command.cpp  command_*.cpp  tour.cpp  tour_*.cpp   linked into the program, not into the library
#   binding.cpp  binding_*.cpp linked into the Python extension, as xchg._xchg.NAME
#   python/*.py                the Python package xchg.NAME; without them it is what binding.cpp defines
#   python/binding.pyi         the typed stub of what binding.cpp defines
#   *_test.cpp                 one GoogleTest program NAME_test; *_parallel_test.cpp one more, labelled parallel: what
#                              runs on several threads, and so under ThreadSanitizer
#   *_bench.cpp                one Google Benchmark program NAME_bench
#   *_fuzz.cpp                 a fuzz target each; its corpus is the folder corpus/<file stem>
#   *_avx2.cpp  *_avx512.cpp   compiled for that instruction set, only on x86-64
#   every other *.cpp          the library xchg_NAME, alias xchg::NAME
# USES names the rooms that it may include (checked against docs/architecture.md by the layer test).
# PACKAGES: each is found with find_package(package arguments… REQUIRED) before the targets of LIBRARIES are used, also
# by whoever uses the installed room. Only needed where the settings do not find the package for every room.
# HEAVY: built only when XCHG_ROOMS names it; until then the program knows its name and summary alone.

set_property(GLOBAL PROPERTY XCHG_ALL_ROOMS "")

function(xchg_room name)
  cmake_parse_arguments(room "HEAVY" "SUMMARY" "USES;PACKAGES;LIBRARIES;PUBLIC_HEADERS;APART" ${ARGN})
  if(room_UNPARSED_ARGUMENTS OR NOT room_SUMMARY)
    message(FATAL_ERROR "xchg_room(${name}): needs SUMMARY; unknown: ${room_UNPARSED_ARGUMENTS}")
  endif()
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}")
  set_property(GLOBAL APPEND PROPERTY XCHG_ALL_ROOMS ${name})
  set_property(GLOBAL PROPERTY XCHG_${name}_SUMMARY "${room_SUMMARY}")
  if(EXISTS "${folder}/command.cpp")
    set_property(GLOBAL PROPERTY XCHG_${name}_HAS_COMMAND TRUE)
  endif()
  if(room_HEAVY AND NOT "all" IN_LIST XCHG_ROOMS AND NOT name IN_LIST XCHG_ROOMS)
    return()
  endif()
  set_property(GLOBAL PROPERTY XCHG_${name}_BUILT TRUE)
  foreach(package IN LISTS room_PACKAGES)
    string(REPLACE " " ";" package "${package}")
    find_package(${package} REQUIRED)
  endforeach()

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  file(GLOB_RECURSE parts CONFIGURE_DEPENDS RELATIVE "${folder}" "${folder}/*/CMakeLists.txt")
  foreach(part IN LISTS parts)
    cmake_path(GET part PARENT_PATH part)
    list(APPEND room_APART "${part}")
  endforeach()
  foreach(part IN LISTS room_APART)
    list(FILTER sources EXCLUDE REGEX "^${folder}/${part}/")
  endforeach()
  set(kinds test bench fuzz command tour binding)
  foreach(kind IN LISTS kinds)
    set(${kind}_sources ${sources})
    if(kind MATCHES "command|tour|binding")
      list(FILTER ${kind}_sources INCLUDE REGEX "/${kind}(_[a-z0-9_]+)?\\.cpp$")
    else()
      list(FILTER ${kind}_sources INCLUDE REGEX "_${kind}\\.cpp$")
    endif()
    if(${kind}_sources)
      list(REMOVE_ITEM sources ${${kind}_sources})
    endif()
  endforeach()
  foreach(isa avx2 avx512)
    set(isa_sources ${sources})
    list(FILTER isa_sources INCLUDE REGEX "_${isa}\\.cpp$")
    if(NOT isa_sources)
      continue()
    endif()
    if(NOT XCHG_X86)
      list(REMOVE_ITEM sources ${isa_sources})
    elseif(isa STREQUAL "avx2")
      set_source_files_properties(${isa_sources} PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma;-mbmi;-mbmi2;-mpopcnt")
    else()
      set_source_files_properties(${isa_sources} PROPERTIES
        COMPILE_OPTIONS "-mavx512f;-mavx512dq;-mavx512bw;-mavx512vl;-mavx2;-mfma;-mbmi;-mbmi2;-mpopcnt;-mprefer-vector-width=512")
    endif()
  endforeach()

  if(sources)
    add_library(xchg_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(xchg_${name} PRIVATE $<BUILD_INTERFACE:xchg_flags>)
    target_compile_definitions(xchg_${name} PRIVATE XCHG_VERSION="${PROJECT_VERSION}")
  else()
    add_library(xchg_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(xchg::${name} ALIAS xchg_${name})
  set_target_properties(xchg_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(xchg_${name} ${scope} cxx_std_20)
  target_include_directories(xchg_${name} ${scope} "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>"
                             "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  foreach(used IN LISTS room_USES)
    target_link_libraries(xchg_${name} ${scope} xchg_${used})
  endforeach()
  target_link_libraries(xchg_${name} ${scope} ${room_LIBRARIES})
  if(NOT room_PUBLIC_HEADERS AND EXISTS "${folder}/${name}.hpp")
    set(room_PUBLIC_HEADERS "${name}.hpp")
  endif()
  list(TRANSFORM room_PUBLIC_HEADERS PREPEND "${folder}/")
  set_property(GLOBAL PROPERTY XCHG_${name}_PUBLIC_HEADERS "${room_PUBLIC_HEADERS}")
  foreach(fact USES PACKAGES LIBRARIES)
    set_property(GLOBAL PROPERTY XCHG_${name}_${fact} "${room_${fact}}")
  endforeach()

  if(XCHG_BUILD_PROGRAM AND (command_sources OR tour_sources))
    add_library(xchg_${name}_front OBJECT ${command_sources} ${tour_sources})
    target_link_libraries(xchg_${name}_front PUBLIC xchg_${name} xchg_core_front xchg_flags)
    set_property(GLOBAL PROPERTY XCHG_${name}_FRONT TRUE)
    if(tour_sources)
      set_property(GLOBAL PROPERTY XCHG_${name}_HAS_TOUR TRUE)
    endif()
  endif()
  if(XCHG_BUILD_PYTHON AND binding_sources)
    add_library(xchg_${name}_binding OBJECT ${binding_sources})
    target_link_libraries(xchg_${name}_binding PUBLIC xchg_${name} xchg_core_python xchg_flags)
    set_property(GLOBAL PROPERTY XCHG_${name}_HAS_BINDING TRUE)
    set_property(GLOBAL PROPERTY XCHG_${name}_FOLDER "${folder}")
  endif()
  if(XCHG_BUILD_TESTS)
    set(parallel_sources ${test_sources})
    list(FILTER parallel_sources INCLUDE REGEX "_parallel_test\\.cpp$")
    list(FILTER test_sources EXCLUDE REGEX "_parallel_test\\.cpp$")
    xchg_test_program(${name} ${name}_test "" ${test_sources})
    xchg_test_program(${name} ${name}_parallel_test parallel ${parallel_sources})
  endif()
  if(XCHG_BUILD_BENCHMARKS AND bench_sources)
    add_executable(${name}_bench ${bench_sources})
    target_link_libraries(${name}_bench PRIVATE xchg_${name} xchg_flags benchmark::benchmark)
    target_compile_definitions(${name}_bench PRIVATE XCHG_TEST_DATA="${PROJECT_SOURCE_DIR}/data")
  endif()
  if(XCHG_BUILD_TESTS)
    foreach(fuzz_source IN LISTS fuzz_sources)
      xchg_fuzz_target(${name} "${fuzz_source}")
    endforeach()
  endif()
endfunction()

# One GoogleTest program of a room, with a label for all its tests (or ""); none without sources.
function(xchg_test_program room target label)
  if(NOT ARGN)
    return()
  endif()
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE xchg_${room} xchg_flags GTest::gmock GTest::gtest_main)
  target_compile_definitions(${target} PRIVATE XCHG_TEST_DATA="${PROJECT_SOURCE_DIR}/data"
                             XCHG_SOURCE_FOLDER="${CMAKE_CURRENT_SOURCE_DIR}")
  gtest_discover_tests(${target} TEST_PREFIX "${room}." DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 300 LABELS "${label}")
endfunction()

# A fuzz target defines LLVMFuzzerTestOneInput. With XCHG_BUILD_FUZZERS it is a libFuzzer program; otherwise it is
# linked with a small main that replays its corpus, and that replay is a test.
function(xchg_fuzz_target room source)
  cmake_path(GET source STEM stem)
  set(target ${room}_${stem})
  set(corpus "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${stem}")
  add_executable(${target} "${source}")
  target_link_libraries(${target} PRIVATE xchg_${room} xchg_flags)
  set_property(GLOBAL APPEND PROPERTY XCHG_FUZZ_TARGETS ${target})
  if(XCHG_BUILD_FUZZERS)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE "${PROJECT_SOURCE_DIR}/test/replay_corpus.cpp")
  endif()
  file(GLOB inputs CONFIGURE_DEPENDS "${corpus}/*")
  if(NOT inputs)
    message(FATAL_ERROR "fuzz target ${target}: its corpus folder ${corpus} is empty")
  endif()
  if(XCHG_BUILD_FUZZERS)
    add_test(NAME fuzz.${target} COMMAND ${target} -runs=0 "${corpus}")
  else()
    add_test(NAME fuzz.${target} COMMAND ${target} "${corpus}")
  endif()
  set_tests_properties(fuzz.${target} PROPERTIES TIMEOUT 120)
endfunction()

# Copies the Python files (and stubs) of a folder, without tests, each time one changes.
function(xchg_copy_python from to)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${from}" "${from}/*.py" "${from}/*.pyi" "${from}/py.typed")
  list(FILTER files EXCLUDE REGEX "_test\\.py$|^binding\\.pyi$")
  foreach(file IN LISTS files)
    configure_file("${from}/${file}" "${to}/${file}" COPYONLY)
  endforeach()
endfunction()

# The package xchg.ROOM from the room's folder python/.
function(xchg_python_package room folder)
  set(package "${PROJECT_BINARY_DIR}/python/xchg")
  if(EXISTS "${folder}/python/__init__.py")
    xchg_copy_python("${folder}/python" "${package}/${room}")
  else()
    file(CONFIGURE OUTPUT "${package}/${room}/__init__.py" CONTENT "from xchg._xchg.${room} import *\n")
  endif()
  if(EXISTS "${folder}/python/binding.pyi")
    configure_file("${folder}/python/binding.pyi" "${package}/_xchg/${room}.pyi" COPYONLY)
  endif()
endfunction()

# Writes the lists of engines, chapters and bindings as C++ sources, once all rooms are known.
function(xchg_finish_rooms)
  get_property(rooms GLOBAL PROPERTY XCHG_ALL_ROOMS)
  set(declarations "")
  set(engines "")
  set(chapters "")
  set(bindings "")
  set(bind_declarations "")
  foreach(room IN LISTS rooms)
    foreach(fact SUMMARY HAS_COMMAND BUILT FRONT HAS_TOUR HAS_BINDING FOLDER)
      get_property(${fact} GLOBAL PROPERTY XCHG_${room}_${fact})
    endforeach()
    if(HAS_COMMAND)
      if(FRONT)
        string(APPEND declarations "namespace xchg::${room} { void add_commands(CLI::App&, xchg::command::Session&); }\n")
        string(APPEND engines "      {\"${room}\", \"${SUMMARY}\", &xchg::${room}::add_commands},\n")
      else()
        string(APPEND engines "      {\"${room}\", \"${SUMMARY}\", nullptr},\n")
      endif()
    endif()
    if(HAS_TOUR)
      string(APPEND declarations "namespace xchg::${room} { void add_chapter(xchg::report::Chapter&); }\n")
      string(APPEND chapters "      {\"${room}\", \"${SUMMARY}\", &xchg::${room}::add_chapter},\n")
    endif()
    if(FRONT AND TARGET xchg)
      target_link_libraries(xchg PRIVATE xchg_${room}_front)
    endif()
    if(HAS_BINDING AND TARGET xchg_python)
      target_link_libraries(xchg_python PRIVATE xchg_${room}_binding)
      xchg_python_package(${room} "${FOLDER}")
      string(APPEND bind_declarations "namespace xchg::${room} { void bind(pybind11::module_&); }\n")
      string(APPEND bindings "  { auto part = root.def_submodule(\"${room}\"); xchg::${room}::bind(part); }\n")
    endif()
  endforeach()
  if(TARGET xchg)
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/generated/engines.cpp" @ONLY CONTENT
"// Written by CMake from the rooms under src/xchg.
#include \"xchg/cli/engines.hpp\"

@declarations@
namespace xchg::cli {
const std::vector<Engine>& engines() {
  static const std::vector<Engine> list = {
@engines@  };
  return list;
}
const std::vector<Chapter>& chapters() {
  static const std::vector<Chapter> list = {
@chapters@  };
  return list;
}
}  // namespace xchg::cli
")
  endif()
  if(TARGET xchg_python)
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/generated/bindings.hpp" @ONLY CONTENT
"// Written by CMake from the rooms under src/xchg.
#pragma once
#include <pybind11/pybind11.h>

@bind_declarations@
namespace xchg::python {
inline void bind_rooms([[maybe_unused]] pybind11::module_& root) {
@bindings@}
}  // namespace xchg::python
")
  endif()
endfunction()
