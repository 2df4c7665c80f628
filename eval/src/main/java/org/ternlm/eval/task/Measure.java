package org.ternlm.eval.task;

/// Which answer counts as the model's: the one of the greatest such number.
public enum Measure {
    /// The logarithm of the answer's probability, nothing else.
    RAW("acc"),
    /// Per character (Unicode code point) of the answer without the blank before it: what lm-evaluation-harness calls
    /// `acc_norm`, and OLMES `acc_per_char`.
    CHARACTER("acc_norm"),
    /// Per UTF-8 byte of the answer, likewise without the blank.
    BYTE("acc_bytes"),
    /// Per token.
    TOKEN("acc_token"),
    /// Less the logarithm of the answer's probability where no question stands before it.
    UNCONDITIONAL("acc_uncond");

    private final String label;

    Measure(String label) {
        this.label = label;
    }

    /// Its name in reports.
    public String label() {
        return label;
    }
}
