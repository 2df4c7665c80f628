package org.ternlm.cli;

import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.ternlm.command.CommandException;
import org.ternlm.command.CommandProvider;
import org.ternlm.command.Console;

/// Commands of modules that the command line does not depend on.
final class ProvidedCommands {
    private ProvidedCommands() {}

    /// @throws CommandException if no module on the class path brings that command
    static Callable<Integer> create(String name, Console console) {
        for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
            if (provider.name().equals(name)) {
                return provider.create(console);
            }
        }
        throw new CommandException("%s: the module that does this is not on the class path".formatted(name),
                "start it by ./tern, which builds it; training exists for Linux x86-64, macOS arm64 and Windows x86-64");
    }
}
