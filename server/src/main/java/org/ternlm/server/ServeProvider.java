package org.ternlm.server;

import java.util.concurrent.Callable;
import org.ternlm.command.CommandProvider;
import org.ternlm.command.Console;

/// Brings `tern serve` along.
public final class ServeProvider implements CommandProvider {
    @Override
    public String name() {
        return "serve";
    }

    @Override
    public Callable<Integer> create(Console console) {
        return new ServeCommand(console);
    }
}
