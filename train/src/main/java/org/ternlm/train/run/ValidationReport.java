package org.ternlm.train.run;

/// What the validation text says of the model.
///
/// @param step how many were made before
/// @param loss in nats a token
/// @param bitsPerByte the same in bits for each byte of the text: comparable between tokenizers
/// @param tritShares shares of -1, 0 and +1; zeros for a dense model
/// @param memoryBytes what the process holds in memory
/// @param best whether no validation before was better
// Made once a validation, and only read.
@SuppressWarnings("ArrayRecordComponent")
public record ValidationReport(long step, double loss, double bitsPerByte, double[] tritShares, long memoryBytes,
        boolean best) {}
