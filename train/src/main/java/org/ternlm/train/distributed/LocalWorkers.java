package org.ternlm.train.distributed;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ternlm.command.CommandException;
import org.ternlm.command.ExitCode;
import org.ternlm.command.Interruption;

/// Starts the workers of a job as processes of this machine, and waits for them.
///
/// Rank 0 has the terminal. What the others write comes out on `error`, each line with its rank in front; they know no
/// terminal, and show no progress. The processors are divided among all: `OMP_NUM_THREADS` (unless the user has set it)
/// and the number of processors that each JVM sees.
///
/// When a worker fails, the others have a while to notice and end by themselves; then they are asked to end (SIGTERM), and
/// at last killed. Ctrl-C reaches all, and each has time to save. Workers end by themselves when this process is killed,
/// if they call [LauncherWatch#begin].
public final class LocalWorkers {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration KILLED = Duration.ofSeconds(10);
    /// What shells make of SIGTERM: 128 + 15.
    private static final int TERMINATED = 143;
    /// Below this libtorch writes nothing: what it has to say, with its stack, comes as an exception too.
    private static final String LIBRARY_LOG_LEVEL = "FATAL";

    private final JvmCommand command;
    private final int count;
    private final Patience patience;
    private final PrintStream error;
    private final Map<Integer, Process> running = new LinkedHashMap<>();
    private final List<PrefixedOutput> outputs = new ArrayList<>();
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private int exitCode = ExitCode.OK;
    private Step next = Step.NONE;
    private Deadline deadline = Deadline.in(Duration.ZERO);

    /// How long workers may take to end.
    ///
    /// @param noticing for those that lost another one
    /// @param saving for those that were asked to end
    public record Patience(Duration noticing, Duration saving) {
        /// Half a minute; five minutes.
        public static Patience usual() {
            return new Patience(Duration.ofSeconds(30), Duration.ofMinutes(5));
        }
    }

    private record Ended(int rank, int exitCode) {}

    /// What happens to the workers that are left when the deadline has passed.
    private enum Step {
        NONE, TERMINATE, KILL
    }

    private LocalWorkers(JvmCommand command, int count, Patience patience, PrintStream error) {
        this.command = command;
        this.count = count;
        this.patience = patience;
        this.error = error;
    }

    /// Runs `count` processes of a program to their end. Each gets its place in the job in `RANK`, `WORLD_SIZE` and so on;
    /// see [Membership#fromEnvironment].
    ///
    /// @param count 1 or more
    /// @param environment of this process
    /// @param error where messages go and what ranks other than 0 write
    /// @return the exit code of the worker that failed first, or 0
    /// @throws CommandException if this process is itself a worker
    public static int run(JvmCommand command, int count, Map<String, String> environment, Patience patience,
            PrintStream error) throws IOException, InterruptedException {
        List<String> set = Membership.variablesIn(environment);
        if (!set.isEmpty()) {
            throw new CommandException("--nproc starts workers, but this process is one already: %s %s set".formatted(
                    String.join(", ", set), set.size() == 1 ? "is" : "are"), "leave out --nproc, or the variables");
        }
        if (count < 1) {
            throw new CommandException("--nproc: expected 1 or more workers, found " + count);
        }
        LocalWorkers workers = new LocalWorkers(command, count, patience, error);
        // The hook is the last to give up, since workers are killed in its time.
        try (Interruption interruption = Interruption.watch(workers::interrupt, patience.saving().plus(KILLED))) {
            return workers.run();
        } finally {
            workers.killAll();
        }
    }

    private int run() throws IOException, InterruptedException {
        try (HeldPort port = HeldPort.open()) {
            for (int rank = 0; rank < count; rank++) {
                start(rank, port.number());
            }
            while (isRunning()) {
                Ended worker = ended.poll(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                if (worker != null) {
                    remove(worker);
                }
                advance();
            }
        }
        for (PrefixedOutput output : outputs) {
            output.finish();
        }
        return exitCode;
    }

    private synchronized void start(int rank, int port) throws IOException {
        if (next == Step.KILL) {
            // Interrupted before all were there.
            return;
        }
        int processors = Math.max(1, Runtime.getRuntime().availableProcessors() / count);
        List<String> options = new ArrayList<>(List.of("-XX:ActiveProcessorCount=" + processors));
        if (rank > 0) {
            options.add("-Dtern.terminals=");
        }
        ProcessBuilder builder = new ProcessBuilder(command.words(options));
        Map<String, String> variables = builder.environment();
        variables.put("RANK", Integer.toString(rank));
        variables.put("LOCAL_RANK", Integer.toString(rank));
        variables.put("WORLD_SIZE", Integer.toString(count));
        variables.put("MASTER_ADDR", "127.0.0.1");
        variables.put("MASTER_PORT", Integer.toString(port));
        variables.put(LauncherWatch.VARIABLE, Long.toString(ProcessHandle.current().pid()));
        variables.putIfAbsent("OMP_NUM_THREADS", Integer.toString(processors));
        variables.putIfAbsent("TORCH_CPP_LOG_LEVEL", LIBRARY_LOG_LEVEL);
        if (rank == 0) {
            builder.inheritIO();
        } else {
            builder.redirectInput(Redirect.PIPE).redirectErrorStream(true);
        }
        Process process = builder.start();
        running.put(rank, process);
        process.onExit().thenAccept(gone -> ended.add(new Ended(rank, gone.exitValue())));
        if (rank > 0) {
            process.getOutputStream().close();
            outputs.add(PrefixedOutput.start("[rank " + rank + "] ", process.getInputStream(), error));
        }
    }

    private synchronized boolean isRunning() {
        return !running.isEmpty();
    }

    private synchronized void remove(Ended worker) {
        running.remove(worker.rank);
        if (worker.exitCode == ExitCode.OK || exitCode != ExitCode.OK) {
            return;
        }
        exitCode = worker.exitCode;
        if (next == Step.NONE && !running.isEmpty()) {
            next = Step.TERMINATE;
            boolean saves = exitCode == ExitCode.INTERRUPTED || exitCode == TERMINATED;
            deadline = Deadline.in(saves ? patience.saving : patience.noticing);
            if (!saves) {
                error.print("rank %d ended with exit code %d; the others stop%n".formatted(worker.rank, exitCode));
                error.flush();
            }
        }
    }

    /// Does what is next if its time has come.
    private synchronized void advance() {
        if (next == Step.NONE || !deadline.isOver()) {
            return;
        }
        if (next == Step.TERMINATE) {
            terminateAll();
        } else {
            killAll();
        }
    }

    private void terminateAll() {
        next = Step.KILL;
        deadline = Deadline.in(patience.saving);
        running.values().forEach(Process::destroy);
    }

    /// Called again and again while this process wants to end.
    private synchronized void interrupt() {
        if (next != Step.KILL) {
            terminateAll();
        }
    }

    private synchronized void killAll() {
        running.values().forEach(Process::destroyForcibly);
    }
}
