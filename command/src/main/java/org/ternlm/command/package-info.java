/// What a command is: the console it talks to, the progress it shows, the errors it ends with. A command never touches
/// `System.out` or the process; the program gives it a [org.ternlm.command.Console], and turns a
/// [org.ternlm.command.CommandException] into one line and an [exit code][org.ternlm.command.ExitCode].
///
/// Knows nothing of argument parsing, and nothing of any single command.
@NullMarked
package org.ternlm.command;

import org.jspecify.annotations.NullMarked;
