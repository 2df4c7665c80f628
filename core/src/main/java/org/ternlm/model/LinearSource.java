package org.ternlm.model;

import java.lang.foreign.Arena;
import org.ternlm.quant.DenseMatrix;

/// Reads linear layers out of a file, whatever form their weights have there. Safe for several threads.
interface LinearSource {

    /// The layer `name` with `rows` outputs and `columns` inputs.
    ///
    /// @param arena owns what has to be decoded or reordered; the rest stays in the file
    /// @throws org.ternlm.format.ModelFormatException if its weights are missing or are not what they should be
    LinearWeights read(String name, int rows, int columns, boolean hasBias, Arena arena);

    /// The embedding or the head, under its whole name.
    ///
    /// @throws org.ternlm.format.ModelFormatException if it is missing or is not what it should be
    DenseMatrix table(String name, int rows, int columns);
}
