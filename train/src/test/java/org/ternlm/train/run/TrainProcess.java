package org.ternlm.train.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.command.PipedConsole;
import org.ternlm.train.TrainCommand;
import picocli.CommandLine;

/// `tern train` in a process of its own, which tests may kill.
final class TrainProcess {
    private TrainProcess() {}

    /// Starts `tern train CONFIG --resume` with more options on the class path of the tests; what it says goes to `said`.
    static Process start(Path config, Path said, String... more) throws java.io.IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        // With the kernels of the uninterrupted run.
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            command.add("--add-modules=jdk.incubator.vector");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TrainProcess.class.getName(),
                config.toString(), "--resume"));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    }

    /// What `start` starts.
    public static void main(String[] args) {
        System.exit(
                new CommandLine(new TrainCommand(new PipedConsole(System.in, System.out, System.err))).execute(args));
    }
}
