package org.ternlm.train.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// What `malloc` has given out and not got back: where libtorch's tensors lie. Resident memory would count the Java heap
/// too, which grows as it likes.
final class NativeHeap {
    private static final MemoryLayout STATE = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);
    private static final int MAPPED = 4;
    private static final int IN_USE = 7;

    private final MethodHandle mallinfo2;

    private NativeHeap(MethodHandle mallinfo2) {
        this.mallinfo2 = mallinfo2;
    }

    /// Where the C library can tell (glibc 2.33 or newer).
    static Optional<NativeHeap> find() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find("mallinfo2").map(address -> new NativeHeap(linker.downcallHandle(address,
                FunctionDescriptor.of(MemoryLayout.structLayout(STATE)))));
    }

    long bytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = (MemorySegment) mallinfo2.invokeExact((SegmentAllocator) arena);
            return state.getAtIndex(ValueLayout.JAVA_LONG, MAPPED) + state.getAtIndex(ValueLayout.JAVA_LONG, IN_USE);
        } catch (Throwable problem) {
            throw new AssertionError("mallinfo2", problem);
        }
    }
}
