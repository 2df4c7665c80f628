package org.ternlm.train.distributed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A worker that computes nothing. Arguments: a folder in which it leaves signs of life, and what each rank does.
///
/// ```
/// speak      says something on both streams
/// fail       ends with exit code 7 once all are up
/// wait       waits, for ever if need be; leaves the file saved-RANK if it is asked to end
/// deaf       waits and does not end when asked to
/// ```
public final class TestJob {
    static final int FAILED = 7;

    private TestJob() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        LauncherWatch.begin(System.getenv());
        Path folder = Path.of(arguments[0]);
        int rank = Integer.parseInt(System.getenv("RANK"));
        List<String> actions = Arrays.asList(arguments).subList(1, arguments.length);
        String action = actions.get(rank);
        if (action.equals("wait") || action.equals("deaf")) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> asked(folder, rank, action)));
        }
        Files.writeString(folder.resolve("new-" + rank), Long.toString(ProcessHandle.current().pid()));
        Files.move(folder.resolve("new-" + rank), folder.resolve("up-" + rank));
        switch (action) {
            case "speak" -> speak();
            case "fail" -> {
                awaitAll(folder, actions.size());
                System.exit(FAILED);
            }
            default -> Thread.sleep(ChildJvm.PATIENCE);
        }
    }

    private static void speak() throws IOException {
        for (String name : List.of("RANK", "LOCAL_RANK", "WORLD_SIZE", "MASTER_ADDR", "OMP_NUM_THREADS")) {
            System.out.println(name + "=" + System.getenv(name));
        }
        System.out.println("processors=" + Runtime.getRuntime().availableProcessors());
        System.out.println("terminals=" + System.getProperty("tern.terminals"));
        System.out.println("read " + System.in.read());
        System.err.println("trouble: ß");
    }

    private static void asked(Path folder, int rank, String action) {
        try {
            if (action.equals("deaf")) {
                Thread.sleep(ChildJvm.PATIENCE);
            }
            Files.createFile(folder.resolve("saved-" + rank));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void awaitAll(Path folder, int count) throws InterruptedException {
        for (int rank = 0; rank < count; rank++) {
            while (!Files.exists(folder.resolve("up-" + rank))) {
                Thread.sleep(20);
            }
        }
    }
}
