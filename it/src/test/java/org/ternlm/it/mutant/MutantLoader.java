package org.ternlm.it.mutant;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/// Loads Tern and its tests afresh, with the mutant's classes before those of the build. Everything else, JUnit among it,
/// is shared: so one virtual machine runs all mutants, each in a world of its own.
final class MutantLoader extends URLClassLoader {
    static final Path CORE = Mutant.ROOT.resolve("core/target/classes");
    private static final Path TESTS = Mutant.ROOT.resolve("core/target/test-classes");
    private static final String OWN = MutantLoader.class.getPackageName();

    MutantLoader(Path mutants) {
        super(new URL[] {url(mutants), url(CORE), url(TESTS)}, MutantLoader.class.getClassLoader());
    }

    private static URL url(Path folder) {
        try {
            return folder.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(folder.toString(), e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("org.ternlm.") || name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }
}
