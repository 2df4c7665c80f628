package org.ternlm.train.distributed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The workers of a job on this machine, as processes that end with the test.
record Crew(HeldPort port, List<ChildJvm> workers) implements AutoCloseable {
    /// Starts all, each a [TestWorker] with these arguments.
    static Crew start(Path folder, int count, String... arguments) throws IOException {
        HeldPort port = HeldPort.open();
        List<ChildJvm> workers = new ArrayList<>();
        for (int rank = 0; rank < count; rank++) {
            workers.add(ChildJvm.start(folder, TestWorker.class, ChildJvm.variables(rank, count, port.number()),
                    arguments));
        }
        return new Crew(port, workers);
    }

    ChildJvm worker(int rank) {
        return workers.get(rank);
    }

    /// What all wrote after this start of a line, without repetitions.
    List<String> lines(String start) throws IOException, InterruptedException {
        Set<String> lines = new TreeSet<>();
        for (ChildJvm worker : workers) {
            lines.add(worker.awaitLine(start));
        }
        return List.copyOf(lines);
    }

    @Override
    public void close() throws IOException {
        workers.forEach(ChildJvm::close);
        port.close();
    }
}
