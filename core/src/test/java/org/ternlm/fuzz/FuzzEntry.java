package org.ternlm.fuzz;

import java.io.IOException;
import java.nio.file.Path;

/// What Jazzer calls, in a JVM of its own; the properties `tern.fuzz.target` and `tern.fuzz.scratch` say with what.
public final class FuzzEntry {
    private static final FuzzTarget TARGET = FuzzTarget.valueOf(System.getProperty("tern.fuzz.target"));
    private static final Path SCRATCH = Path.of(System.getProperty("tern.fuzz.scratch"));

    private FuzzEntry() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        TARGET.accept(input, SCRATCH);
    }
}
