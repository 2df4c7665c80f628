package org.ternlm.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A driver in a Java virtual machine of its own, which may start a cluster on this machine.
final class DriverProcess {
    private DriverProcess() {}

    /// @param folder for its output, in `said`, and what Spark takes for a distribution: an empty one
    static Process start(Path folder, String classPath, String main, List<String> arguments) throws IOException {
        Files.createDirectories(folder.resolve("home/jars"));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-Xmx1g"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(option -> option.startsWith("--")
                || option.startsWith("-XX:") || option.startsWith("-Dio.netty")).forEach(command::add);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().putAll(Map.of("SPARK_HOME", folder.resolve("home").toString(), "SPARK_SCALA_VERSION",
                "2.13", "SPARK_LOCAL_IP", "127.0.0.1"));
        return builder.start();
    }
}
