package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.global.torch_gloo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A launcher that keeps the store itself, as torchrun does: rank 0 must not listen on that port, and a job that is
/// started anew finds what the one before has left.
class LauncherStoreTest {
    @TempDir
    private Path folder;
    private TCPStore store;
    private final List<ChildJvm> started = new ArrayList<>();

    @BeforeEach
    void listen() {
        Loader.load(torch_gloo.class);
        store = new TCPStore("localhost", new TCPStoreOptions().port((short) 0).isServer(true).waitWorkers(false)
                .timeout(new Milliseconds(10_000)));
    }

    @AfterEach
    void end() {
        started.forEach(ChildJvm::close);
        store.close();
    }

    private List<ChildJvm> workers(int attempt, String action) throws IOException {
        List<ChildJvm> workers = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            Map<String, String> variables = ChildJvm.variables(rank, 2, Short.toUnsignedInt(store.getPort()));
            variables.put("TORCHELASTIC_USE_AGENT_STORE", "True");
            variables.put("TORCHELASTIC_RESTART_COUNT", Integer.toString(attempt));
            workers.add(ChildJvm.start(folder, TestWorker.class, variables, action, "60", "120", "1"));
        }
        started.addAll(workers);
        return workers;
    }

    @Test
    void everyAttemptBeginsAnew() throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 2; attempt++) {
            for (ChildJvm worker : workers(attempt, "meet")) {
                assertThat(worker.exitCode()).as("%s", worker).isZero();
            }
        }
    }

    @Test
    void theStoreOutlivesRankZero() throws IOException, InterruptedException {
        List<ChildJvm> workers = workers(0, "work");
        for (ChildJvm worker : workers) {
            worker.awaitLine("working");
        }
        workers.get(0).process().destroyForcibly();
        assertThat(workers.get(1).exitCode()).as("%s", workers.get(1)).isEqualTo(TestWorker.LOST);
        assertThat(workers.get(1).awaitLine("lost: ")).contains("rank 0 (process %d on ".formatted(
                workers.get(0).process().pid())).contains(") is gone");
    }
}
