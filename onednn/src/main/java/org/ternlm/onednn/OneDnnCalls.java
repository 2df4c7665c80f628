package org.ternlm.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.net.URL;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.ternlm.kernel.ByteProductsException;

/// The functions of oneDNN's C interface (oneapi/dnnl/dnnl.h of version 3) that Tern calls, and those of the OpenMP library
/// that it was built with.
///
/// Most return a status, which becomes an exception unless it is 0. Handles are bound when first asked for; the few that
/// every product calls are fields.
final class OneDnnCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final String FOLDER = "/org/bytedeco/dnnl/linux-x86_64/";
    private static final String OPEN_MP = "libgomp.so.1";
    private static final String LIBRARY = "libdnnl.so.3";

    private final SymbolLookup symbols;
    private final MethodHandle setData;
    private final MethodHandle execute;
    private final MethodHandle await;
    private final MethodHandle getThreads;
    private final MethodHandle setThreads;

    private OneDnnCalls(SymbolLookup symbols) {
        this.symbols = symbols;
        setData = bind("dnnl_memory_set_data_handle", JAVA_INT, ADDRESS, ADDRESS);
        execute = bind("dnnl_primitive_execute", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        await = bind("dnnl_stream_wait", JAVA_INT, ADDRESS);
        // OpenMP's own are found through the library that depends on them: there might be another copy in the process.
        getThreads = bind("omp_get_max_threads", JAVA_INT);
        setThreads = bind("omp_set_num_threads", null, JAVA_INT);
    }

    /// Loads the library that lies on the class path.
    ///
    /// @throws ByteProductsException if there is none for this platform, or the system refuses it
    static OneDnnCalls load() {
        try {
            unpacked(OPEN_MP);
            return new OneDnnCalls(SymbolLookup.libraryLookup(unpacked(LIBRARY), Arena.global()));
        } catch (IOException | IllegalArgumentException | IllegalCallerException problem) {
            throw new ByteProductsException("oneDNN cannot be loaded: " + problem.getMessage(), problem);
        }
    }

    /// Where a library lies in the user's cache; unpacked beside each other, they find each other.
    private static Path unpacked(String name) throws IOException {
        URL packed = OneDnnCalls.class.getResource(FOLDER + name);
        if (packed == null) {
            throw new IOException("there is no " + FOLDER + name + " on the class path");
        }
        return Loader.cacheResource(packed).toPath();
    }

    private MethodHandle bind(String name, @Nullable MemoryLayout result, MemoryLayout... parameters) {
        MemorySegment function = symbols.find(name)
                .orElseThrow(() -> new ByteProductsException("oneDNN has no function " + name));
        return LINKER.downcallHandle(function, result == null
                ? FunctionDescriptor.ofVoid(parameters)
                : FunctionDescriptor.of(result, parameters));
    }

    /// Calls a function that returns a status: with addresses, ints and longs.
    ///
    /// @throws ByteProductsException if the status is not 0
    void call(String name, Object... arguments) {
        check(name, (int) result(name, JAVA_INT, arguments));
    }

    /// What a function returns that cannot fail.
    Object result(String name, MemoryLayout type, Object... arguments) {
        MemoryLayout[] parameters = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            parameters[i] = switch (arguments[i]) {
                case Integer _ -> JAVA_INT;
                case Long _ -> JAVA_LONG;
                default -> ADDRESS;
            };
        }
        try {
            return bind(name, type, parameters).invokeWithArguments(arguments);
        } catch (Throwable problem) {
            throw thrown(problem);
        }
    }

    /// Makes an object, whose handle such functions write to their first argument.
    MemorySegment create(String name, Object... others) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ADDRESS);
            Object[] arguments = new Object[others.length + 1];
            arguments[0] = handle;
            System.arraycopy(others, 0, arguments, 1, others.length);
            call(name, arguments);
            return handle.get(ADDRESS, 0);
        }
    }

    /// Lets a memory object be at `data`.
    void setData(MemorySegment memory, MemorySegment data) {
        try {
            check("dnnl_memory_set_data_handle", (int) setData.invokeExact(memory, data));
        } catch (Throwable problem) {
            throw thrown(problem);
        }
    }

    /// Computes, and returns when that is done.
    void execute(MemorySegment primitive, MemorySegment stream, int count, MemorySegment arguments) {
        try {
            check("dnnl_primitive_execute", (int) execute.invokeExact(primitive, stream, count, arguments));
            check("dnnl_stream_wait", (int) await.invokeExact(stream));
        } catch (Throwable problem) {
            throw thrown(problem);
        }
    }

    /// Threads that OpenMP would use for what the calling thread asks for; sets them to `threads`.
    int exchangeThreads(int threads) {
        try {
            int before = (int) getThreads.invokeExact();
            setThreads.invokeExact(threads);
            return before;
        } catch (Throwable problem) {
            throw thrown(problem);
        }
    }

    private static void check(String name, int status) {
        if (status != 0) {
            throw new ByteProductsException("oneDNN: " + name + " failed with status " + status);
        }
    }

    private static RuntimeException thrown(Throwable problem) {
        return switch (problem) {
            case RuntimeException known -> known;
            case Error fatal -> throw fatal;
            default -> new IllegalStateException(problem);
        };
    }
}
