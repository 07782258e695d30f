# Included after project() by build.sh: the bundle's headers, in the last place.
#
# torch brings a newer fmt, which has to win in the sources that include torch. With headers in
# /usr/include that is so by itself; a prefix of ours would come first, in the order of the linked
# targets. So CMake is told to treat the folder like /usr/include, and the compiler gets it once,
# behind all others.
list(APPEND CMAKE_C_IMPLICIT_INCLUDE_DIRECTORIES "${CMAKE_PREFIX_PATH}/include")
list(APPEND CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES "${CMAKE_PREFIX_PATH}/include")
add_compile_options("SHELL:-isystem ${CMAKE_PREFIX_PATH}/include")
