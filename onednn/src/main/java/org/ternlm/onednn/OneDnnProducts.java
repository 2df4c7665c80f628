package org.ternlm.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ternlm.kernel.ByteProducts;
import org.ternlm.kernel.ByteProductsException;

/// [ByteProducts] with oneDNN.
///
/// Only with AVX-512 and VNNI, or what includes them (AMX): there four products of a byte are added to 32 bits at once. Older
/// instruction sets add them in pairs to 16 bits first; such processors are refused, and so is a library that gets a
/// product of the largest values wrong.
///
/// The library would start threads by OpenMP. Each call tells it that the calling thread has none to give, and puts back
/// what was there.
final class OneDnnProducts implements ByteProducts {
    /// Bits of dnnl_cpu_isa_avx512_core_vnni, which all later instruction sets have too.
    private static final int VNNI = 0x67;
    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final long LONGEST_NAME = 256;
    private static final int LARGEST_ACTIVATION = 255;

    private final OneDnnCalls calls;
    private final MemorySegment engine;
    private final String description;
    private final Queue<Workplace> idle = new ConcurrentLinkedQueue<>();

    /// The products of one thread at a time.
    private record Workplace(MemorySegment stream, Map<Long, MatrixProduct> products) {}

    private OneDnnProducts(OneDnnCalls calls) {
        this.calls = calls;
        int isa = (int) calls.result("dnnl_get_effective_cpu_isa", JAVA_INT);
        if ((isa & VNNI) != VNNI) {
            throw new ByteProductsException("oneDNN: this processor has no AVX-512 with VNNI");
        }
        String name = ((MemorySegment) calls.result("dnnl_cpu_isa2str", ADDRESS, isa)).reinterpret(LONGEST_NAME)
                .getString(0).replace("cpu_isa_", "");
        MemorySegment version = ((MemorySegment) calls.result("dnnl_version", ADDRESS)).reinterpret(3 * Integer.BYTES);
        description = "oneDNN %d.%d.%d (%s)".formatted(version.getAtIndex(JAVA_INT, 0), version.getAtIndex(JAVA_INT, 1),
                version.getAtIndex(JAVA_INT, 2), name);
        engine = calls.create("dnnl_engine_create", CPU, 0L);
    }

    /// Opens the library and tries it.
    ///
    /// @throws ByteProductsException if this processor is not one that it is right and fast on
    static OneDnnProducts open(OneDnnCalls calls) {
        OneDnnProducts products = new OneDnnProducts(calls);
        try {
            for (int weight : new int[] {-1, 1}) {
                products.checkExtremes((byte) weight);
            }
            return products;
        } catch (ByteProductsException wrong) {
            products.close();
            throw wrong;
        }
    }

    private void checkExtremes(byte weight) {
        int columns = 4 * COLUMN_MULTIPLE;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment activations = arena.allocate(columns, 64).fill((byte) LARGEST_ACTIVATION);
            MemorySegment tile = arena.allocate((long) columns * TILE_ROWS, 64).fill(weight);
            MemorySegment sums = arena.allocate(TILE_ROWS * (long) Integer.BYTES, 64);
            multiply(activations, 1, columns, tile, sums);
            for (int row = 0; row < TILE_ROWS; row++) {
                int sum = sums.getAtIndex(JAVA_INT, row);
                if (sum != weight * LARGEST_ACTIVATION * columns) {
                    throw new ByteProductsException("oneDNN: its sums are not exact here: expected %d, found %d"
                            .formatted(weight * LARGEST_ACTIVATION * columns, sum));
                }
            }
        }
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void multiply(MemorySegment activations, int tokens, int columns, MemorySegment weights,
            MemorySegment sums) {
        check("activations", activations, (long) tokens * columns);
        check("weights", weights, (long) columns * TILE_ROWS);
        check("sums", sums, (long) tokens * TILE_ROWS * JAVA_INT.byteSize());
        int threads = calls.exchangeThreads(1);
        try {
            Workplace idling = idle.poll();
            Workplace place = idling == null
                    ? new Workplace(calls.create("dnnl_stream_create", engine, IN_ORDER), new HashMap<>())
                    : idling;
            place.products.computeIfAbsent((long) tokens << 32 | columns,
                    shape -> new MatrixProduct(calls, engine, tokens, columns))
                    .compute(place.stream, activations, weights, sums);
            idle.add(place);
        } finally {
            calls.exchangeThreads(threads);
        }
    }

    /// The library writes wherever it is told to.
    private static void check(String name, MemorySegment memory, long bytes) {
        if (!memory.isNative() || memory.byteSize() < bytes) {
            throw new IllegalArgumentException("%s: expected %d bytes of native memory, found %d".formatted(name,
                    bytes, memory.byteSize()));
        }
    }

    @Override
    public void close() {
        for (Workplace place = idle.poll(); place != null; place = idle.poll()) {
            place.products.values().forEach(MatrixProduct::close);
            calls.call("dnnl_stream_destroy", place.stream);
        }
        calls.call("dnnl_engine_destroy", engine);
    }
}
