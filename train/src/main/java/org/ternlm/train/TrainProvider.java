package org.ternlm.train;

import java.util.concurrent.Callable;
import org.ternlm.command.CommandProvider;
import org.ternlm.command.Console;

/// Brings `tern train` along.
public final class TrainProvider implements CommandProvider {
    @Override
    public String name() {
        return "train";
    }

    @Override
    public Callable<Integer> create(Console console) {
        return new TrainCommand(console);
    }
}
