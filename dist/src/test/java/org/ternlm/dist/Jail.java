package org.ternlm.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// A folder that programs take for the whole file system: chroot, with mounts and processes of its own. Only for the root
/// user of a Linux.
///
/// @param root the folder
/// @param user the number of the user that programs run as
/// @param group the control group, if memory is limited
record Jail(Path root, int user, @Nullable MemoryGroup group) {
    private static final long PATIENCE_MINUTES = 8;
    /// The sandbox gets what containers get: proc, and where memory is limited the group's own files.
    private static final String ENTER = """
            set -e
            mkdir -p "$0/proc" "$0/sys" "$0/dev"
            mount -t proc proc "$0/proc"
            [ -e "$0/dev/null" ] || mknod -m 666 "$0/dev/null" c 1 3
            [ -e "$0/dev/urandom" ] || mknod -m 666 "$0/dev/urandom" c 1 9
            if [ -n "$1" ]; then
                mount -t tmpfs none "$0/sys"
                # Java looks for limits where all of these are.
                for controller in memory cpu cpuacct cpuset; do
                    mkdir -p "$0/sys/fs/cgroup/$controller"
                    mount -t cgroup -o "$controller" cgroup "$0/sys/fs/cgroup/$controller"
                done
            fi
            shift
            exec env -i "$@"
            """;

    /// What a program said.
    record Output(int exitCode, String out, String error) {}

    static Jail of(Path root, int user) {
        Assumptions.assumeTrue(isPossible(), "chroot and namespaces need Linux and its root user");
        return new Jail(root, user, null);
    }

    static boolean isPossible() {
        return System.getProperty("os.name").equals("Linux") && "root".equals(System.getProperty("user.name"))
                && Files.isExecutable(Path.of("/usr/bin/unshare")) && Files.isExecutable(Path.of("/usr/sbin/chroot"));
    }

    Jail in(MemoryGroup limited) {
        return new Jail(root, user, limited);
    }

    /// A root that holds the archive with its own Java, a shell, the few tools that the launcher calls, and the C library.
    ///
    /// @return the jail; the launcher is `/tern/bin/tern`
    static Jail withArchive(Path root) throws IOException, InterruptedException {
        Jail jail = of(root, 0);
        Built.unpack(Built.jlinked(), root);
        try (Stream<Path> folders = Files.list(root)) {
            Files.move(folders.findFirst().orElseThrow(), root.resolve("tern"));
        }
        List<Path> programs = new ArrayList<>(SystemLibraries.binaries(root.resolve("tern/runtime")));
        for (String tool : List.of("sh", "cat", "cksum", "dirname", "find", "mkdir", "mv", "readlink", "rm")) {
            programs.add(Path.of("/usr/bin", tool));
            copy(Path.of("/usr/bin", tool), root.resolve("bin").resolve(tool));
        }
        for (Path library : SystemLibraries.linkedWith(programs)) {
            if (!library.startsWith(root)) {
                copy(library, root.resolve(library.toString().substring(1)));
            }
        }
        return jail;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from.toRealPath(), to, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /// Starts a program; its streams are pipes.
    Process start(Map<String, String> variables, List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child"));
        if (group != null) {
            all.add("--cgroup");
        }
        all.addAll(List.of("/bin/sh", "-c", ENTER, root.toString(), group == null ? "" : "limited"));
        variables.forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(List.of("/usr/sbin/chroot", "--userspec=" + user + ":" + user, root.toString()));
        all.addAll(command);
        return new ProcessBuilder(group == null ? all : group.enter(all)).start();
    }

    /// Runs a program to its end, without any input.
    Output run(Map<String, String> variables, List<String> command) throws IOException, InterruptedException {
        Path error = Files.createTempFile("jail", ".txt");
        Process process = start(variables, command);
        process.getOutputStream().close();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                Files.copy(process.getErrorStream(), error, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        });
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("no end of " + command);
        }
        reader.join();
        String said = Files.readString(error);
        Files.delete(error);
        return new Output(process.exitValue(), out, said);
    }
}
