package org.ternlm.compare;

import java.util.concurrent.Callable;
import org.ternlm.command.CommandProvider;
import org.ternlm.command.Console;

/// Brings `tern compare` along.
public final class CompareProvider implements CommandProvider {
    @Override
    public String name() {
        return "compare";
    }

    @Override
    public Callable<Integer> create(Console console) {
        return new CompareCommand(console);
    }
}
