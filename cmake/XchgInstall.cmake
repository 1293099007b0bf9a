# What `cmake --install` puts where. The prefix can be moved afterwards: nothing installed knows its place.
#   bin/xchg, share/xchg, share/man, completions                       component program
#   lib/libxchg_ROOM.a, include/xchg/ROOM, lib/cmake, lib/pkgconfig    component development
#   lib/python3.N/dist-packages/xchg                                   component python
# Each room is one export set, one imported target xchg::ROOM and one pkg-config file xchg-ROOM.pc; all is derived
# from what xchg_room() was told.

# The manual is asked of the program: build/…/share/{man,bash-completion,zsh,fish,doc}.
if(XCHG_BUILD_PROGRAM)
  set(manual_folders man bash-completion zsh fish doc)
  list(TRANSFORM manual_folders PREPEND "${PROJECT_BINARY_DIR}/share/")
  add_custom_command(OUTPUT "${PROJECT_BINARY_DIR}/generated/manual.stamp"
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual_folders}
    COMMAND xchg manual tree "${PROJECT_BINARY_DIR}/share"
    COMMAND ${CMAKE_COMMAND} -E touch "${PROJECT_BINARY_DIR}/generated/manual.stamp"
    DEPENDS xchg COMMENT "Writing the manual" VERBATIM)
  add_custom_target(xchg_manual ALL DEPENDS "${PROJECT_BINARY_DIR}/generated/manual.stamp")
endif()

if(NOT XCHG_INSTALL)
  return()
endif()
include(CMakePackageConfigHelpers)

# The rooms that must be loaded for `room`, itself last, each after those it uses.
function(xchg_load_order room result)
  get_property(uses GLOBAL PROPERTY XCHG_${room}_USES)
  set(order "")
  foreach(used IN LISTS uses)
    xchg_load_order(${used} used_order)
    list(APPEND order ${used_order})
  endforeach()
  list(APPEND order ${room})
  list(REMOVE_DUPLICATES order)
  set(${result} ${order} PARENT_SCOPE)
endfunction()

# The find_package arguments that provide the imported targets of `room`: what PACKAGES said, and for every other
# target its namespace (fmt::fmt comes from fmt).
function(xchg_packages_of room result)
  get_property(packages GLOBAL PROPERTY XCHG_${room}_PACKAGES)
  get_property(libraries GLOBAL PROPERTY XCHG_${room}_LIBRARIES)
  string(REGEX REPLACE " [^;]*" "" names "${packages}")
  foreach(library IN LISTS libraries)
    if(library MATCHES "^([A-Za-z0-9_]+)::" AND NOT CMAKE_MATCH_1 IN_LIST names)
      list(APPEND packages ${CMAKE_MATCH_1})
      list(APPEND names ${CMAKE_MATCH_1})
    endif()
  endforeach()
  set(${result} "${packages}" PARENT_SCOPE)
endfunction()

# Linker and compiler flags of a link item (imported target, file, flag), for pkg-config.
function(xchg_flags_of item link_result compile_result)
  set(link "")
  set(compile "")
  string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" item "${item}")
  if(item STREQUAL "OpenMP::OpenMP_CXX")
    set(link -fopenmp)
  elseif(item STREQUAL "Threads::Threads")
    set(link -pthread)
  elseif(TARGET "${item}")
    get_target_property(kind "${item}" TYPE)
    if(kind STREQUAL "UNKNOWN_LIBRARY" OR kind STREQUAL "SHARED_LIBRARY" OR kind STREQUAL "STATIC_LIBRARY")
      foreach(configuration "" _RELEASE _NONE _RELWITHDEBINFO)
        get_target_property(location "${item}" IMPORTED_LOCATION${configuration})
        if(location)
          xchg_flags_of("${location}" link unused)
          break()
        endif()
      endforeach()
    endif()
    get_target_property(folders "${item}" INTERFACE_INCLUDE_DIRECTORIES)
    foreach(folder IN LISTS folders)
      if(IS_DIRECTORY "${folder}" AND NOT folder IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
        list(APPEND compile "-I${folder}")
      endif()
    endforeach()
    get_target_property(definitions "${item}" INTERFACE_COMPILE_DEFINITIONS)
    foreach(definition IN LISTS definitions)
      if(NOT definition MATCHES "NOTFOUND$|[$<>]")
        list(APPEND compile "-D${definition}")
      endif()
    endforeach()
    get_target_property(inner_items "${item}" INTERFACE_LINK_LIBRARIES)
    foreach(inner IN LISTS inner_items)
      xchg_flags_of("${inner}" inner_link inner_compile)
      list(APPEND link ${inner_link})
      list(APPEND compile ${inner_compile})
    endforeach()
  elseif(IS_ABSOLUTE "${item}")
    cmake_path(GET item PARENT_PATH folder)
    cmake_path(GET item STEM stem)
    if(folder IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES AND stem MATCHES "^lib(.*)")
      set(link "-l${CMAKE_MATCH_1}")
    else()
      set(link "${item}")
    endif()
  elseif(item MATCHES "^-")
    set(link "${item}")
  elseif(item AND NOT item MATCHES "NOTFOUND$|[$<>]|::")
    set(link "-l${item}")
  endif()
  set(${link_result} "${link}" PARENT_SCOPE)
  set(${compile_result} "${compile}" PARENT_SCOPE)
endfunction()

function(xchg_install_pkg_config room)
  get_property(PC_SUMMARY GLOBAL PROPERTY XCHG_${room}_SUMMARY)
  get_property(uses GLOBAL PROPERTY XCHG_${room}_USES)
  get_property(libraries GLOBAL PROPERTY XCHG_${room}_LIBRARIES)
  list(TRANSFORM uses PREPEND "xchg-")
  list(JOIN uses ", " PC_REQUIRES)
  set(link "")
  set(compile "")
  foreach(library IN LISTS libraries)
    xchg_flags_of("${library}" library_link library_compile)
    list(APPEND link ${library_link})
    list(APPEND compile ${library_compile})
  endforeach()
  list(REMOVE_DUPLICATES link)
  list(REMOVE_DUPLICATES compile)
  list(JOIN link " " PC_LINK_PRIVATE)
  list(JOIN compile " " PC_COMPILE)
  set(PC_ROOM ${room})
  set(PC_LIBRARY "")
  get_target_property(kind xchg_${room} TYPE)
  if(NOT kind STREQUAL "INTERFACE_LIBRARY")
    set(PC_LIBRARY "-L\${libdir} -lxchg_${room}")
  endif()
  file(RELATIVE_PATH PC_PREFIX "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
  string(REGEX REPLACE "/$" "" PC_PREFIX "${PC_PREFIX}")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/xchg-room.pc.in" "${PROJECT_BINARY_DIR}/generated/xchg-${room}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/generated/xchg-${room}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
          COMPONENT development)
endfunction()

set(XCHG_CMAKE_FOLDER "${CMAKE_INSTALL_LIBDIR}/cmake/xchg")
set(XCHG_COMPONENTS "")
set(XCHG_COMPONENT_FACTS "")
get_property(rooms GLOBAL PROPERTY XCHG_ALL_ROOMS)
foreach(room IN LISTS rooms)
  get_property(built GLOBAL PROPERTY XCHG_${room}_BUILT)
  if(NOT built)
    continue()
  endif()
  install(TARGETS xchg_${room} EXPORT xchg-${room}-targets COMPONENT development
          ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT xchg-${room}-targets NAMESPACE xchg:: DESTINATION "${XCHG_CMAKE_FOLDER}" COMPONENT development)
  get_property(headers GLOBAL PROPERTY XCHG_${room}_PUBLIC_HEADERS)
  foreach(header IN LISTS headers)
    file(RELATIVE_PATH place "${PROJECT_SOURCE_DIR}/src" "${header}")
    cmake_path(GET place PARENT_PATH place)
    install(FILES "${header}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/${place}" COMPONENT development)
  endforeach()
  xchg_install_pkg_config(${room})

  list(APPEND XCHG_COMPONENTS ${room})
  xchg_load_order(${room} order)
  xchg_packages_of(${room} packages)
  string(APPEND XCHG_COMPONENT_FACTS "set(_xchg_${room}_load_order \"${order}\")\n"
         "set(_xchg_${room}_packages \"${packages}\")\n")
endforeach()

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/xchgConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/generated/xchgConfig.cmake" INSTALL_DESTINATION "${XCHG_CMAKE_FOLDER}")
# Until 1.0 a new minor version may break its callers.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/generated/xchgConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/generated/xchgConfig.cmake"
  "${PROJECT_BINARY_DIR}/generated/xchgConfigVersion.cmake" DESTINATION "${XCHG_CMAKE_FOLDER}" COMPONENT development)

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION share/doc/xchg COMPONENT program)
if(XCHG_BUILD_PROGRAM)
  install(TARGETS xchg RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
  # "share" is not ${CMAKE_INSTALL_DATADIR}: the program looks for ../share/xchg from where it is.
  install(DIRECTORY ${manual_folders} DESTINATION share COMPONENT program)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/data/" DESTINATION share/xchg/data COMPONENT program OPTIONAL)
endif()

if(XCHG_BUILD_PYTHON)
  # dist-packages on Debian, site-packages elsewhere; whoever builds a wheel names another place.
  execute_process(COMMAND "${Python3_EXECUTABLE}" -c "import sysconfig; print(sysconfig.get_path('platlib').split('/')[-1])"
                  OUTPUT_VARIABLE packages_name OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(XCHG_PYTHON_FOLDER "lib/python${Python3_VERSION_MAJOR}.${Python3_VERSION_MINOR}/${packages_name}" CACHE STRING
      "Where below the prefix the Python package goes")
  install(TARGETS xchg_python LIBRARY DESTINATION "${XCHG_PYTHON_FOLDER}/xchg" COMPONENT python)
  install(DIRECTORY "${XCHG_PYTHON_PACKAGE}" DESTINATION "${XCHG_PYTHON_FOLDER}" COMPONENT python
          PATTERN "*.so" EXCLUDE PATTERN "__pycache__" EXCLUDE PATTERN ".mypy_cache" EXCLUDE)
endif()
