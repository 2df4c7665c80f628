/// The program `tern`: arguments in, commands found and run, failures turned into one line and an exit code.
///
/// ```
/// main → run → CommandLines (picocli) → a Verb's command → exit code
///                                     ↘ any exception → Failure → one line on the error stream
/// ```
///
/// The only module that touches `System.out` or ends the process.
@NullMarked
package org.ternlm.cli;

import org.jspecify.annotations.NullMarked;
