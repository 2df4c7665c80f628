package org.ternlm.spark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.BarrierTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One process of a training, in one task of a barrier stage. For one thread.
final class TrainingWorker {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingWorker.class);
    private static final long LOOK_AGAIN_MILLISECONDS = 200;
    /// A step under way is finished and saved.
    private static final long PATIENCE_SECONDS = 300;
    private static final int KEPT_LINES = 10;

    private final List<String> command;
    private final BarrierTaskContext context = BarrierTaskContext.get();
    private final int rank = context.partitionId();
    private final Deque<String> last = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    TrainingWorker(List<String> command) {
        this.command = command;
    }

    /// Runs it to its end.
    ///
    /// @throws IllegalStateException if it fails
    /// @throws CancellationException if Spark ends the task; the process then saves, and ends too
    void run() {
        try {
            Process process = start();
            try {
                follow(process);
            } finally {
                end(process);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException("rank %d: %s".formatted(rank, problem.getMessage()), problem);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the task was ended");
        }
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(variables());
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /// The first worker's executor names its address and a port that is free there.
    private Map<String, String> variables() throws IOException {
        String port = "";
        if (rank == 0) {
            try (ServerSocket socket = new ServerSocket(0)) {
                port = Integer.toString(socket.getLocalPort());
            }
        }
        port = context.allGather(port)[0];
        String address = context.getTaskInfos()[0].address().replaceFirst(":\\d+$", "");
        return Map.of("RANK", Integer.toString(rank), "WORLD_SIZE", Integer.toString(context.getTaskInfos().length),
                "MASTER_ADDR", address, "MASTER_PORT", port,
                // A worker of tern ends when this process does; see its LauncherWatch.
                "TERN_LAUNCHER", Long.toString(ProcessHandle.current().pid()));
    }

    private void follow(Process process) throws IOException, InterruptedException {
        boolean running = true;
        while (running) {
            running = !process.waitFor(LOOK_AGAIN_MILLISECONDS, TimeUnit.MILLISECONDS);
            read(process.getInputStream());
            if (context.isInterrupted()) {
                throw new InterruptedException();
            }
        }
        if (line.size() > 0) {
            said();
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("rank %d ended with exit code %d: %s".formatted(rank, process.exitValue(),
                    String.join(" | ", last)));
        }
    }

    /// What there is, without waiting for more.
    private void read(InputStream output) throws IOException {
        for (int left = output.available(); left > 0; left = output.available()) {
            for (byte one : output.readNBytes(left)) {
                if (one == '\n') {
                    said();
                } else {
                    line.write(one);
                }
            }
        }
    }

    private void said() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        LOG.info("[rank {}] {}", rank, text);
        last.add(text);
        if (last.size() > KEPT_LINES) {
            last.remove();
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
