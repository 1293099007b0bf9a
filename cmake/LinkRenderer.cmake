# cmake -DPAGE=web/page -DMODULES=…/node_modules -DTARGET=…/share/xchg/report -P LinkRenderer.cmake
#
# Puts what a report page is made of into TARGET: the page's own style and script, the chart renderer with its
# licences, and the SHA-256 of every script (the page allows no other). Without MODULES the renderer is left out, and
# a report says how to get it.
file(MAKE_DIRECTORY "${TARGET}")
set(files "${PAGE}/page.css" "${PAGE}/page.js")
foreach(package vega vega-lite vega-embed)
  set(script "${MODULES}/${package}/build/${package}.min.js")
  if(EXISTS "${script}")
    list(APPEND files "${script}")
    file(COPY_FILE "${MODULES}/${package}/LICENSE" "${TARGET}/${package}.LICENSE" ONLY_IF_DIFFERENT)
  endif()
endforeach()
set(sums "")
foreach(file IN LISTS files)
  cmake_path(GET file FILENAME name)
  file(COPY_FILE "${file}" "${TARGET}/${name}" ONLY_IF_DIFFERENT)
  file(SHA256 "${TARGET}/${name}" sum)
  string(APPEND sums "${sum}  ${name}\n")
endforeach()
file(CONFIGURE OUTPUT "${TARGET}/SHA256SUMS" CONTENT "${sums}" @ONLY)
file(TOUCH "${TARGET}/SHA256SUMS")  # unchanged content is not written again, but this is the output of the build step
