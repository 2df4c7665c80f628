package org.ternlm.kernel.vector;

import java.util.List;
import jdk.incubator.vector.ShortVector;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.kernel.TileUnpacking;
import org.ternlm.kernel.Workers;
import org.ternlm.quant.Packings;

/// Makes the vector kernels; the only class of this package that others touch, and only after they have made sure that
/// the module is there.
public final class VectorProvider {
    private VectorProvider() {}

    /// The width of the vectors in bits.
    ///
    /// @throws ExceptionInInitializerError if `tern.vector.bits` is impossible
    public static int bits() {
        return Species.bits();
    }

    /// The widest vectors that this processor has for all element types, in bits.
    public static int widestBits() {
        return ShortVector.SPECIES_PREFERRED.vectorBitSize();
    }

    /// Every ternary kernel that works with this width, whether or not it is the best.
    public static List<TernaryKernel> ternaryKernels() {
        return bits() == 512
                ? List.of(new VectorTernaryKernel(), new VectorLookupKernel(Packings.LUT9),
                        new VectorLookupKernel(Packings.LUT15), new VectorColumnKernel())
                : List.of(new VectorTernaryKernel());
    }

    /// Unpacks blocks of rows; with vectors of 512 bits.
    public static TileUnpacking unpacking() {
        return new VectorTileUnpacking();
    }

    /// The vector kernels with these threads. Looking sums up takes vectors of 512 bits; narrower ones multiply.
    ///
    /// @param skipsColumns whether there is to be a kernel for activations that are mostly 0
    public static Kernels kernels(Workers workers, boolean skipsColumns) {
        boolean looksUp = bits() == 512;
        TernaryKernel ternary = looksUp ? new VectorLookupKernel(Packings.LUT9) : new VectorTernaryKernel();
        TernaryKernel signs = looksUp ? new VectorLookupKernel(Packings.LUT15) : ternary;
        return new Kernels(ternary, signs, new VectorDenseKernel(), new VectorIntegerKernel(),
                new VectorFloatKernel(), workers)
                .withSparse(looksUp && skipsColumns ? new VectorColumnKernel() : null);
    }
}
