package org.ternlm.command;

import java.util.concurrent.Callable;

/// A command that a module of its own brings along, found by [java.util.ServiceLoader]. The command line knows its name
/// beforehand, but nothing of its code.
public interface CommandProvider {
    /// What the user types.
    String name();

    /// The command: an object with picocli's annotations, which writes to `console` and returns an [ExitCode].
    Callable<Integer> create(Console console);
}
