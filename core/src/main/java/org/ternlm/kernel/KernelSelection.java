package org.ternlm.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ternlm.kernel.scalar.ScalarColumnKernel;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.kernel.scalar.ScalarIntegerKernel;
import org.ternlm.kernel.scalar.ScalarLookupKernel;
import org.ternlm.kernel.scalar.ScalarTernaryKernel;
import org.ternlm.kernel.scalar.ScalarTileUnpacking;
import org.ternlm.kernel.vector.VectorProvider;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packings;

/// Which kernels this Java virtual machine gets, and why not better ones.
///
/// The choice is a list of refusals, each with its reason: the first provider that nothing refuses is taken, the plain
/// scalar one never is refused. Two properties steer it: `tern.kernels` = `vector` or `scalar` (a provider by name),
/// `tern.vector.bits` = 128, 256 or 512 (the width; fixed when the first vector class loads). A third, `tern.sparse` = `on`,
/// keeps down projections in a second layout (docs/sparsity.md).
///
/// @param provider the name of the chosen provider
/// @param vectorBits the width of its vectors, 0 for scalar
/// @param refusals why each better one was not taken; empty when nothing better exists
public record KernelSelection(String provider, int vectorBits, List<Refusal> refusals) {
    private static final System.Logger LOG = System.getLogger("org.ternlm.kernel");
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /// A provider that was not taken.
    ///
    /// @param provider its name
    /// @param reason in words for the user, with the remedy where there is one
    public record Refusal(String provider, String reason) {}

    public KernelSelection {
        refusals = List.copyOf(refusals);
    }

    /// Decides for this virtual machine.
    ///
    /// @throws IllegalArgumentException if a property asks for what does not exist
    public static KernelSelection choose() {
        String wanted = System.getProperty("tern.kernels", "").toLowerCase(Locale.ROOT);
        if (!List.of("", "vector", "scalar").contains(wanted)) {
            throw new IllegalArgumentException("tern.kernels: expected vector or scalar, found " + wanted);
        }
        skipsColumns();
        List<Refusal> refusals = new ArrayList<>();
        String reason = wanted.equals("scalar") ? "tern.kernels=scalar asks for it" : vectorRefusal();
        if (reason.isEmpty()) {
            return new KernelSelection("vector", VectorProvider.bits(), refusals);
        }
        refusals.add(new Refusal("vector", reason));
        if (wanted.equals("vector")) {
            throw new IllegalArgumentException("tern.kernels=vector cannot be had: " + reason);
        }
        return new KernelSelection("scalar", 0, refusals);
    }

    /// The chosen kernels with `parallelism` threads. Says once and loudly when they are the slow ones. In the first
    /// moments of a virtual machine, until vector code is compiled, the scalar ones serve, with the same results.
    ///
    /// @throws IllegalArgumentException if the number of threads is not 1 to 1024
    public Kernels open(int parallelism) {
        return open(parallelism, NativeChoice.AUTO);
    }

    /// The same with a choice of what multiplies where many tokens pass at once.
    ///
    /// @throws IllegalArgumentException if the number of threads is not 1 to 1024, or the library that was asked for
    /// cannot be had
    public Kernels open(int parallelism, NativeChoice choice) {
        ManyTokens manyTokens = manyTokens(choice);
        try {
            return open(new Workers(parallelism), manyTokens);
        } catch (Throwable t) {
            manyTokens.close();
            throw t;
        }
    }

    private Kernels open(Workers workers, ManyTokens manyTokens) {
        if (vectorBits == 0) {
            refusals.forEach(refusal -> Warnings.once(LOG, "using the scalar kernels, several times slower: "
                    + refusal.reason));
            return WarmUp.begin(scalar(new ScalarLookupKernel(Packings.LUT9), new ScalarLookupKernel(Packings.LUT15),
                    workers).withManyTokens(manyTokens));
        }
        Kernels vector = VectorProvider.kernels(workers, skipsColumns());
        TernaryKernel sparse = vector.sparse() == null ? null : new ScalarColumnKernel();
        return WarmUp.begin(scalar(scalar(vector.ternary()), scalar(vector.signs()), workers).withSparse(sparse),
                vector.withManyTokens(manyTokens));
    }

    /// Unpacking is written for the layouts that look sums up, which plain code and the widest vectors read.
    private ManyTokens manyTokens(NativeChoice choice) {
        if (vectorBits != 0 && vectorBits != 512) {
            if (choice != NativeChoice.AUTO && choice != NativeChoice.OFF) {
                throw new IllegalArgumentException(
                        "%s cannot be had: vectors have %d bits here, and its weights are unpacked with 512"
                                .formatted(choice.optionName(), vectorBits));
            }
            return ManyTokens.none("none for vectors of %d bits".formatted(vectorBits));
        }
        return new NativeSelection(NativeSelection::found, unpacking()).open(choice);
    }

    /// What unpacks weights for native libraries here.
    public TileUnpacking unpacking() {
        return vectorBits == 512 ? VectorProvider.unpacking() : new ScalarTileUnpacking();
    }

    /// Whether weights of down projections are kept once more, for inputs that are mostly 0.
    private static boolean skipsColumns() {
        String wanted = System.getProperty("tern.sparse", "off").toLowerCase(Locale.ROOT);
        if (!List.of("on", "off").contains(wanted)) {
            throw new IllegalArgumentException("tern.sparse: expected on or off, found " + wanted);
        }
        return wanted.equals("on");
    }

    private static Kernels scalar(TernaryKernel ternary, TernaryKernel signs, Workers workers) {
        return new Kernels(ternary, signs, new ScalarDenseKernel(), new ScalarIntegerKernel(),
                new ScalarFloatKernel(), workers);
    }

    /// The plain kernel that reads the same layout.
    private static TernaryKernel scalar(TernaryKernel kernel) {
        return kernel.packing() instanceof LookupWords layout
                ? new ScalarLookupKernel(layout)
                : new ScalarTernaryKernel();
    }

    /// The chosen kernels from the first call on, for measurements that warm up by themselves.
    ///
    /// @throws IllegalArgumentException if the number of threads is not 1 to 1024
    public Kernels openAtOnce(int parallelism) {
        if (vectorBits == 0) {
            return open(parallelism);
        }
        SliceWarmUp.run();
        return VectorProvider.kernels(new Workers(parallelism), skipsColumns());
    }

    /// Why the Vector API cannot serve here; empty if it can.
    private static String vectorRefusal() {
        if (!isVectorModulePresent()) {
            return "module " + VECTOR_MODULE + " is not present; start Java with --add-modules " + VECTOR_MODULE;
        }
        if (System.getProperty("java.vm.info", "").contains("interpreted mode")) {
            return "the virtual machine only interprets (-Xint), where vectors are slower than plain code";
        }
        if (VectorProvider.bits() < 128) {
            return "this processor has no vectors of at least 128 bits that Java can use";
        }
        return "";
    }

    /// By its class: the module may also have been added after the virtual machine had started.
    private static boolean isVectorModulePresent() {
        try {
            Class.forName(VECTOR_MODULE + ".Vector", false, KernelSelection.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }
}
