package org.ternlm.quant;

/// Weights that a layout can hold and a [TernaryMatrix] cannot: scales that differ within a row, or a fourth value. As
/// real numbers they are sound; [FloatBlocks] reads them.
public final class NotTernaryException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    NotTernaryException(String message) {
        super(message);
    }
}
