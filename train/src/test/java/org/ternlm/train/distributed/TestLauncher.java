package org.ternlm.train.distributed;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.ternlm.command.CommandException;
import org.ternlm.train.distributed.LocalWorkers.Patience;

/// Starts workers of a program of the tests and ends as they do. Arguments: how many, seconds to notice, seconds to save,
/// the main class, its arguments.
public final class TestLauncher {
    private TestLauncher() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ClassNotFoundException {
        JvmCommand command = ChildJvm.command(Class.forName(arguments[3]), System.getProperty("java.class.path"),
                Arrays.copyOfRange(arguments, 4, arguments.length));
        Patience patience = new Patience(Duration.ofSeconds(Long.parseLong(arguments[1])),
                Duration.ofSeconds(Long.parseLong(arguments[2])));
        int exitCode;
        try {
            exitCode = LocalWorkers.run(command, Integer.parseInt(arguments[0]), System.getenv(), patience, System.err);
        } catch (CommandException e) {
            System.out.println("wrong: " + e.getMessage());
            exitCode = TestWorker.WRONG;
        }
        System.exit(exitCode);
    }
}
