package org.ternlm.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.ternlm.kernel.ByteProducts;

/// The product of one shape: unsigned activations `[tokens, columns]` times signed weights `[columns, 64]`, in oneDNN's layout
/// `BA16a64b4a`, which is `[columns / 4][64][4]`, to int32 `[tokens, 64]`.
///
/// The library compiles code for the shape, and keeps it for other products of the same shape. One thread at a time.
final class MatrixProduct implements AutoCloseable {
    private static final int U8 = 6;
    private static final int S8 = 5;
    private static final int S32 = 4;
    private static final int ROW_MAJOR = 3;
    private static final int IN_FOURS_OF_64 = 388;
    private static final int SCRATCH_OF_CALLER = 1;
    private static final int QUERY_SCRATCH = 136;
    private static final int SOURCE = 1;
    private static final int WEIGHTS = 33;
    private static final int TARGET = 17;
    private static final int SCRATCH = 80;
    private static final int ARGUMENTS = 4;
    private static final long ARGUMENT_BYTES = 16;

    private final OneDnnCalls calls;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment description;
    private final MemorySegment primitive;
    private final MemorySegment source;
    private final MemorySegment weights;
    private final MemorySegment target;
    private final MemorySegment scratch;
    private final MemorySegment arguments;

    MatrixProduct(OneDnnCalls calls, MemorySegment engine, int tokens, int columns) {
        this.calls = calls;
        MemorySegment sourceForm = form(tokens, columns, U8, ROW_MAJOR);
        MemorySegment weightsForm = form(columns, ByteProducts.TILE_ROWS, S8, IN_FOURS_OF_64);
        MemorySegment targetForm = form(tokens, ByteProducts.TILE_ROWS, S32, ROW_MAJOR);
        MemorySegment attributes = calls.create("dnnl_primitive_attr_create");
        calls.call("dnnl_primitive_attr_set_scratchpad_mode", attributes, SCRATCH_OF_CALLER);
        description = calls.create("dnnl_matmul_primitive_desc_create", engine, sourceForm, weightsForm,
                MemorySegment.NULL, targetForm, attributes);
        primitive = calls.create("dnnl_primitive_create", description);
        source = memory(sourceForm, engine);
        weights = memory(weightsForm, engine);
        target = memory(targetForm, engine);
        MemorySegment scratchForm = (MemorySegment) calls.result("dnnl_primitive_desc_query_md", ADDRESS, description,
                QUERY_SCRATCH, 0);
        scratch = memory(scratchForm, engine);
        long scratchBytes = (long) calls.result("dnnl_memory_desc_get_size", JAVA_LONG, scratchForm);
        calls.setData(scratch, arena.allocate(Math.max(1, scratchBytes), 64));
        arguments = arena.allocate(ARGUMENTS * ARGUMENT_BYTES, 8);
        argument(0, SOURCE, source);
        argument(1, WEIGHTS, weights);
        argument(2, TARGET, target);
        argument(3, SCRATCH, scratch);
        calls.call("dnnl_primitive_attr_destroy", attributes);
        for (MemorySegment form : new MemorySegment[] {sourceForm, weightsForm, targetForm}) {
            calls.call("dnnl_memory_desc_destroy", form);
        }
    }

    private MemorySegment form(int rows, int columns, int type, int tag) {
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment sizes = confined.allocateFrom(JAVA_LONG, rows, columns);
            return calls.create("dnnl_memory_desc_create_with_tag", 2, sizes, type, tag);
        }
    }

    private MemorySegment memory(MemorySegment form, MemorySegment engine) {
        return calls.create("dnnl_memory_create", form, engine, MemorySegment.NULL);
    }

    private void argument(int index, int kind, MemorySegment memory) {
        arguments.set(JAVA_INT, index * ARGUMENT_BYTES, kind);
        arguments.set(ADDRESS, index * ARGUMENT_BYTES + Long.BYTES, memory);
    }

    void compute(MemorySegment stream, MemorySegment activations, MemorySegment tile, MemorySegment sums) {
        calls.setData(source, activations);
        calls.setData(weights, tile);
        calls.setData(target, sums);
        calls.execute(primitive, stream, ARGUMENTS, arguments);
    }

    @Override
    public void close() {
        for (MemorySegment memory : new MemorySegment[] {source, weights, target, scratch}) {
            calls.call("dnnl_memory_destroy", memory);
        }
        calls.call("dnnl_primitive_destroy", primitive);
        calls.call("dnnl_primitive_desc_destroy", description);
        arena.close();
    }
}
