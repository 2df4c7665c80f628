package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packing;
import org.ternlm.quant.Packings;

/// The kernels for passes of many tokens, which a native library computes: none, or not yet, or in use.
///
/// A library that may be used ([NativeChoice#AUTO]) is loaded by the thread that warms kernels up, so that a short answer
/// never waits for it, and used once it is faster than the other kernels. One that fails is left, and one warning says
/// why. Results are the same all the time.
///
/// Safe from several threads.
public final class ManyTokens implements AutoCloseable {
    /// Fewer tokens than this are left to the other kernels where nothing was measured: unpacking a weight costs as much as
    /// several products.
    static final int USUAL_FEWEST = 32;

    private static final System.Logger LOG = System.getLogger("org.ternlm.kernel");

    /// What can be unpacked.
    static final List<LookupWords> LAYOUTS = List.of(Packings.LUT9, Packings.LUT15);

    private final @Nullable Supplier<ByteProducts> library;
    private final List<String> verdicts = new ArrayList<>();
    private final TileUnpacking unpacking;
    private final boolean onlyIfFaster;
    private @Nullable ByteProducts products;
    private String state;
    private volatile List<Use> uses = List.of();

    /// A kernel in use.
    private record Use(TileKernel kernel, int fewest) {}

    private ManyTokens(@Nullable Supplier<ByteProducts> library, TileUnpacking unpacking, boolean onlyIfFaster,
            String state) {
        this.library = library;
        this.unpacking = unpacking;
        this.onlyIfFaster = onlyIfFaster;
        this.state = state;
    }

    /// No such kernels.
    ///
    /// @param reason in words for `doctor`
    static ManyTokens none(String reason) {
        return new ManyTokens(null, new NoUnpacking(), true, reason);
    }

    /// Kernels to come, where `library` can be loaded and is faster.
    static ManyTokens ifFaster(Supplier<ByteProducts> library, TileUnpacking unpacking) {
        return new ManyTokens(library, unpacking, true, "not loaded yet");
    }

    /// Kernels that are used as soon as the Java code around the library is compiled.
    static ManyTokens whenWarm(ByteProducts products, TileUnpacking unpacking) {
        ManyTokens kernels = new ManyTokens(() -> products, unpacking, false, "not compiled yet");
        kernels.products = products;
        return kernels;
    }

    /// Kernels that are used at once, from `fewest` tokens on, for tests and measurements.
    public static ManyTokens atOnce(ByteProducts products, TileUnpacking unpacking, int fewest) {
        ManyTokens kernels = whenWarm(products, unpacking);
        LAYOUTS.forEach(layout -> kernels.use(layout, fewest));
        return kernels;
    }

    /// The kernel for `tokens` tokens in a pass and weights in that layout, if one is in use.
    public Optional<TernaryKernel> find(Packing packing, int tokens) {
        for (Use use : uses) {
            if (tokens >= use.fewest && use.kernel.packing().equals(packing)) {
                return Optional.of(use.kernel);
            }
        }
        return Optional.empty();
    }

    /// What is used, or why nothing is.
    public synchronized String state() {
        return state;
    }

    /// Whether there is a library that is not in use, or not yet: [Kernels#settle] waits until that is decided.
    public boolean isToCome() {
        return library != null && uses.isEmpty();
    }

    /// Whether it must be faster than the other kernels to be used, or has been asked for.
    boolean onlyIfFaster() {
        return onlyIfFaster;
    }

    /// A kernel to be warmed up: loads the library if need be. None where that fails.
    synchronized Optional<TernaryKernel> load(LookupWords layout) {
        try {
            if (products == null && library != null) {
                products = library.get();
            }
        } catch (RuntimeException | LinkageError problem) {
            giveUp(problem);
        }
        return products == null ? Optional.empty() : Optional.of(new TileKernel(layout, unpacking, products));
    }

    /// From now on weights in that layout are multiplied with `fewest` tokens and more.
    synchronized void use(LookupWords layout, int fewest) {
        if (products != null) {
            tell("%s from %d tokens on".formatted(layout.name(), fewest));
            List<Use> more = new ArrayList<>(uses);
            more.add(new Use(new TileKernel(layout, unpacking, products), fewest));
            uses = List.copyOf(more);
        }
    }

    /// For weights in that layout the other kernels are faster.
    synchronized void leave(LookupWords layout) {
        tell(layout.name() + " not, plain Java is faster");
    }

    private void tell(String verdict) {
        verdicts.add(verdict);
        state = (products == null ? "" : products.description() + ": ") + String.join("; ", verdicts);
    }

    /// The library has failed; from now on the other kernels serve.
    public synchronized void giveUp(Throwable problem) {
        uses = List.of();
        String reason = problem.getMessage() == null ? problem.toString() : problem.getMessage();
        state = "failed: " + reason;
        Warnings.once(LOG, "no native products, plain Java instead: " + reason);
    }

    /// Gives the library back; nothing may be using it.
    @Override
    public synchronized void close() {
        uses = List.of();
        if (products != null) {
            products.close();
            products = null;
        }
    }

    /// What is never asked to unpack.
    private static final class NoUnpacking implements TileUnpacking {
        @Override
        public void unpack(LookupWords layout, MemorySegment codes, long at, int columns, MemorySegment tile,
                long target) {
            throw new IllegalStateException("there is no library to unpack for");
        }
    }
}
