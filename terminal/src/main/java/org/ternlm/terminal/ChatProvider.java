package org.ternlm.terminal;

import java.util.concurrent.Callable;
import org.ternlm.command.CommandProvider;
import org.ternlm.command.Console;

/// Brings `tern chat` along.
public final class ChatProvider implements CommandProvider {
    @Override
    public String name() {
        return "chat";
    }

    @Override
    public Callable<Integer> create(Console console) {
        return new ChatCommand(console);
    }
}
