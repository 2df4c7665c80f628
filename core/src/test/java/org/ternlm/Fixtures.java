package org.ternlm;

import java.nio.file.Path;

/// Where the test data lie.
public final class Fixtures {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));

    private Fixtures() {}

    /// A file of the checkout.
    public static Path ofCheckout(String name) {
        return ROOT.resolve(name);
    }

    /// A folder of `testdata/models`.
    public static Path model(String name) {
        return ROOT.resolve("testdata/models").resolve(name);
    }

    /// The model that `tern run` speaks with.
    public static Path bundledModel() {
        return ROOT.resolve("testdata/models/tinystories-ternary-3M");
    }

    /// A file below `testdata`.
    public static Path file(String name) {
        return ROOT.resolve("testdata").resolve(name);
    }
}
