package org.ternlm.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ternlm.quant.IntegerForm;

/// What the output head is made of while a model runs: as its file has it, which changes nothing, or rounded when loaded,
/// which reads less memory for each token and costs a little quality ([Head]).
public enum HeadForm {
    FILE("file", null), INT8("int8", IntegerForm.INT8), FOUR_BIT("4bit", IntegerForm.INT4);

    private final String optionName;
    private final Optional<IntegerForm> integers;

    HeadForm(String optionName, @Nullable IntegerForm integers) {
        this.optionName = optionName;
        this.integers = Optional.ofNullable(integers);
    }

    /// What users call it.
    public String optionName() {
        return optionName;
    }

    /// The form of its weights; empty where they stay as they are.
    public Optional<IntegerForm> integers() {
        return integers;
    }

    /// Bytes that a head of this form needs beside the file's.
    public long addedBytes(int rows, int columns) {
        return integers.map(form -> form.bytes(rows, columns) + (long) rows * Float.BYTES).orElse(0L);
    }
}
