package org.ternlm.train.distributed;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A Java program and how it is started.
///
/// @param java the program `java`
/// @param options of the JVM, in front of the main class
/// @param classPath as `-cp` takes it
/// @param mainClass its full name
/// @param arguments of the program
public record JvmCommand(Path java, List<String> options, String classPath, String mainClass, List<String> arguments) {
    /// A debugger's port can be opened by one process only.
    private static final String DEBUGGER = "-agentlib:jdwp";

    public JvmCommand {
        options = List.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /// The program that runs, with its JVM and options, and these arguments.
    public static JvmCommand ofThisProgram(List<String> arguments) {
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith(DEBUGGER)).toList();
        // The JVM keeps main class and arguments in one text; a main class has no spaces.
        String mainClass = System.getProperty("sun.java.command", "").split(" ", 2)[0];
        return new JvmCommand(Path.of(System.getProperty("java.home"), "bin", "java"), options,
                absolute(System.getProperty("java.class.path")), mainClass, arguments);
    }

    private static String absolute(String classPath) {
        List<String> places = new ArrayList<>();
        for (String place : classPath.split(File.pathSeparator)) {
            places.add(Path.of(place).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, places);
    }

    /// The same without an option of the program that takes a value, given as `--name value` or `--name=value`.
    public JvmCommand without(String option) {
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals(option)) {
                i++;
            } else if (!arguments.get(i).startsWith(option + "=")) {
                rest.add(arguments.get(i));
            }
        }
        return new JvmCommand(java, options, classPath, mainClass, rest);
    }

    /// What to start, with more options for the JVM, which win over those before.
    List<String> words(List<String> moreOptions) {
        List<String> words = new ArrayList<>();
        words.add(java.toString());
        words.addAll(options);
        words.addAll(moreOptions);
        words.addAll(List.of("-cp", classPath, mainClass));
        words.addAll(arguments);
        return words;
    }
}
