# Compile options shared by all targets, and goslim_library(): one static
# library per folder under lib/, all .cpp files in it, with its direct
# dependencies. utils/check-layering reads the #includes and holds the edges.
add_library(goslim_options INTERFACE)
target_include_directories(goslim_options INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_compile_options(goslim_options INTERFACE
  -Wall -Wextra -Wnon-virtual-dtor
  $<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wshadow> -Wunused -Werror
  -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections)
target_compile_definitions(goslim_options INTERFACE
  FMT_HEADER_ONLY=1 FMT_EXCEPTIONS=0 GOSLIM_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these two on correct std::string and std::variant code.
  target_compile_options(goslim_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
else()
  # Clang reports libstdc++ 12's own std::stable_sort.
  target_compile_options(goslim_options INTERFACE -Wno-deprecated-declarations)
endif()
if(GOSLIM_SANITIZE)
  target_compile_options(goslim_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(goslim_options INTERFACE -fsanitize=address,undefined)
endif()
if(GOSLIM_BUILD_FUZZERS)
  target_compile_options(goslim_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_link_options(goslim_options INTERFACE -Wl,--gc-sections)

# LLVM's archives, never libLLVM.so (it costs 15-50 ms a start).
llvm_map_components_to_libnames(GOSLIM_LLVM_LIBS
  Object DebugInfoDWARF BinaryFormat Support Demangle)
add_library(goslim_llvm INTERFACE)
target_include_directories(goslim_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_compile_definitions(goslim_llvm INTERFACE ${LLVM_DEFINITIONS_LIST})
target_link_libraries(goslim_llvm INTERFACE ${GOSLIM_LLVM_LIBS})

# goslim_library(Name [LLVM] [DEPENDS Lib...] [LINK target...])
function(goslim_library Name)
  cmake_parse_arguments(ARG "LLVM" "" "DEPENDS;LINK" ${ARGN})
  file(GLOB Sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(Sources)
    add_library(goslim${Name} STATIC ${Sources})
    set(Kind PUBLIC)
  else()
    add_library(goslim${Name} INTERFACE)
    set(Kind INTERFACE)
  endif()
  target_link_libraries(goslim${Name} ${Kind} goslim_options ${ARG_LINK})
  if(ARG_LLVM)
    target_link_libraries(goslim${Name} ${Kind} goslim_llvm)
  endif()
  foreach(Dep ${ARG_DEPENDS})
    target_link_libraries(goslim${Name} ${Kind} goslim${Dep})
  endforeach()
endfunction()
