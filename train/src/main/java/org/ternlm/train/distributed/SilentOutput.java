package org.ternlm.train.distributed;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;

/// Keeps the standard output to results: while it is open, what the process prints there is lost. For the moments in which
/// native code prints what nobody asked for (Gloo does when workers are connected). Where the C library has no POSIX
/// calls, such as on Windows, nothing happens.
final class SilentOutput implements AutoCloseable {
    private static final int OUTPUT = 1;
    private static final String NOWHERE = "/dev/null";

    private final int saved;

    private SilentOutput(int saved) {
        this.saved = saved;
    }

    static SilentOutput begin() {
        try {
            Posix posix = Posix.find();
            posix.flush();
            int nowhere = posix.create(NOWHERE);
            int saved = posix.duplicate(OUTPUT);
            if (nowhere >= 0 && saved >= 0) {
                posix.replace(OUTPUT, nowhere);
                posix.close(nowhere);
            }
            return new SilentOutput(nowhere < 0 ? -1 : saved);
        } catch (NoSuchElementException noPosix) {
            return new SilentOutput(-1);
        }
    }

    @Override
    public void close() {
        if (saved >= 0) {
            Posix posix = Posix.find();
            posix.flush();
            posix.replace(OUTPUT, saved);
            posix.close(saved);
        }
    }

    /// The calls of the C library. `creat` stands for `open`, whose variable arguments are passed differently.
    private record Posix(MethodHandle fflush, MethodHandle creat, MethodHandle dup, MethodHandle dup2,
            MethodHandle closing) {
        static Posix find() {
            return new Posix(handle("fflush", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS)),
                    handle("creat", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT)),
                    handle("dup", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)),
                    handle("dup2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT)),
                    handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)));
        }

        private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), descriptor);
        }

        /// What native code printed so far may still wait in memory.
        void flush() {
            call(fflush, MemorySegment.NULL);
        }

        int create(String path) {
            try (Arena arena = Arena.ofConfined()) {
                return call(creat, arena.allocateFrom(path), 0);
            }
        }

        int duplicate(int file) {
            return call(dup, file);
        }

        void replace(int file, int by) {
            call(dup2, by, file);
        }

        void close(int file) {
            call(closing, file);
        }

        private static int call(MethodHandle handle, Object... arguments) {
            try {
                return (int) handle.invokeWithArguments(arguments);
            } catch (Throwable problem) {
                throw new IllegalStateException(problem);
            }
        }
    }
}
