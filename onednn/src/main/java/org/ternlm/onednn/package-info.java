/// Products of many tokens with oneDNN, through its C interface and Java's own foreign functions.
///
/// ```
/// OneDnnProvider   found by core where this module is on the class path
///   └── OneDnnProducts    the open library: what it can, a workplace for each thread
///         ├── OneDnnCalls     the functions of the library
///         └── MatrixProduct   one shape, compiled by the library
/// ```
@NullMarked
package org.ternlm.onednn;

import org.jspecify.annotations.NullMarked;
