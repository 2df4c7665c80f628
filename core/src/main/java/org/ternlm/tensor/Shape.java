package org.ternlm.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The dimensions of a tensor, outermost first; row-major throughout Tern. No dimension is a scalar.
///
/// Immutable: the array is copied in and out.
///
/// @param dimensions
///            each at least 0
public record Shape(long... dimensions) {

    /// @throws IllegalArgumentException
    ///             if a dimension is negative
    /// @throws ArithmeticException
    ///             if the number of elements does not fit into a long
    public Shape {
        dimensions = dimensions.clone();
        long product = 1;
        for (long dimension : dimensions) {
            if (dimension < 0) {
                throw new IllegalArgumentException("negative dimension in " + Arrays.toString(dimensions));
            }
            product = Math.multiplyExact(product, dimension);
        }
    }

    @Override
    public long[] dimensions() {
        return dimensions.clone();
    }

    /// How many dimensions.
    public int rank() {
        return dimensions.length;
    }

    /// The size of dimension `index`.
    public long dimension(int index) {
        return dimensions[index];
    }

    /// The product of all dimensions; 1 for a scalar.
    public long elements() {
        long product = 1;
        for (long dimension : dimensions) {
            product *= dimension;
        }
        return product;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && Arrays.equals(dimensions, that.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /// As safetensors writes it: `[512, 256]`.
    @Override
    public String toString() {
        return Arrays.stream(dimensions).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
