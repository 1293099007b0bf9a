# Our headers have plain // comments; Doxygen reads only its own kind. Used as its input filter (sed -E -f).
# The block at the top of a header describes the file.
1s|^// (.*)$|/// @file\n/// \1|
s|^( *)//( .*)?$|\1///\2|
# A comment behind a declaration belongs to it.
s|([;,{}]) +// (.*)$|\1 ///< \2|
