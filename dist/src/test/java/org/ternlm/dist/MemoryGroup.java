package org.ternlm.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A control group that limits memory, pages of files in memory included (version 1 of control groups).
///
/// @param folder where Linux shows it
record MemoryGroup(Path folder) implements AutoCloseable {
    private static final Path ALL = Path.of("/sys/fs/cgroup/memory");

    /// Whether this machine has such groups and lets this user make them.
    static boolean isPossible() {
        return Files.isWritable(ALL.resolve("cgroup.procs")) && Files.exists(ALL.resolve("memory.limit_in_bytes"));
    }

    static MemoryGroup of(long bytes) throws IOException {
        Path folder = Files.createDirectory(ALL.resolve("tern-test-" + ProcessHandle.current().pid()));
        Files.writeString(folder.resolve("memory.limit_in_bytes"), Long.toString(bytes));
        return new MemoryGroup(folder);
    }

    /// The command, begun in this group.
    List<String> enter(List<String> command) {
        List<String> entering = new ArrayList<>(List.of("/bin/sh", "-c", "echo $$ >\"$0\" && exec \"$@\"",
                folder.resolve("cgroup.procs").toString()));
        entering.addAll(command);
        return entering;
    }

    /// The most memory that the group has held, in bytes.
    long peak() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("memory.max_usage_in_bytes")).strip());
    }

    @Override
    public void close() throws IOException {
        Files.delete(folder);
    }
}
