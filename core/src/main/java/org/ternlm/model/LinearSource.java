package org.ternlm.model;

/// Makes linear layers from a file, whatever form their weights have there. Safe for several threads.
interface LinearSource {

    /// The layer `name` with `rows` outputs and `columns` inputs.
    ///
    /// @throws org.ternlm.format.ModelFormatException if its weights are missing or are not what they should be
    Linear read(String name, int rows, int columns, boolean hasBias);
}
