# Compiles web/console/dist into the program, each file as it is and as gzip makes it. The folder is
# committed as it was built (web/console/build), so nothing here needs Node.
#
# holdfast_embed_console(TARGET): defines console_files() of src/api/console.h in TARGET.
function(holdfast_embed_console target)
  find_program(HOLDFAST_GZIP gzip REQUIRED)
  set(dist ${CMAKE_SOURCE_DIR}/web/console/dist)
  set(made ${CMAKE_BINARY_DIR}/console)
  file(GLOB_RECURSE names CONFIGURE_DEPENDS RELATIVE ${dist} ${dist}/*)
  list(SORT names)
  list(LENGTH names count)

  set(zips "")
  set(bytes "")
  set(symbols "")
  set(rows "")
  set(number 0)
  foreach(name IN LISTS names)
    set(zip ${made}/${name}.gz)
    get_filename_component(folder ${zip} DIRECTORY)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${zip} COMMAND ${HOLDFAST_GZIP} -9nc ${dist}/${name} > ${zip}
                       DEPENDS ${dist}/${name} VERBATIM)
    list(APPEND zips ${zip} ${dist}/${name})
    set(symbol holdfast_console_${number})
    string(APPEND bytes "    BYTES(${symbol}, \"${dist}/${name}\")\n    BYTES(${symbol}_zip, \"${zip}\")\n")
    string(APPEND symbols "SYMBOL(${symbol});\nSYMBOL(${symbol}_zip);\n")
    string(APPEND rows "    {\"${name}\", TEXT(${symbol}), TEXT(${symbol}_zip)},\n")
    math(EXPR number "${number} + 1")
  endforeach()

  set(source ${made}/console_files.cpp)
  configure_file(${CMAKE_SOURCE_DIR}/web/console/console_files.cpp.in ${source} @ONLY)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${zips}")
  target_sources(${target} PRIVATE ${source})
endfunction()
