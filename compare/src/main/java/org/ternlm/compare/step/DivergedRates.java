package org.ternlm.compare.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ternlm.format.AtomicFile;

/// Learning rates at which a run diverged, one a line in a file beside its folder: what has to be known so that an
/// interrupted comparison goes on with the rate that it had come to.
///
/// @param file with them; not there while there are none
record DivergedRates(Path file) {
    /// A run is tried at most at so many rates, each half of the last.
    static final int MOST = 3;

    static DivergedRates of(Path runFolder) {
        return new DivergedRates(runFolder.resolveSibling(runFolder.getFileName() + ".diverged"));
    }

    /// The rates, the first that was tried first.
    double[] all() throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream().mapToDouble(Double::parseDouble).toArray()
                : new double[0];
    }

    void add(double rate) throws IOException {
        String before = Files.exists(file) ? Files.readString(file) : "";
        AtomicFile.write(file, aside -> Files.writeString(aside, before + rate + "\n"));
    }

    /// Begins anew.
    void forget() throws IOException {
        Files.deleteIfExists(file);
    }
}
