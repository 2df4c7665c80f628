package org.ternlm.cli.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.ternlm.model.PassProfile.Part;

/// What a test gave, several times.
///
/// @param test what was done
/// @param rates tokens a second of all sequences together, in the order of measuring
/// @param joulesPerToken what processors and memory took meanwhile, other programs included; where it can be read
/// @param checksum of what came out, the same in every repetition
/// @param millis of a pass by part, the mean of all that count; empty if they were not measured
/// @param downDensities for each layer the share of the down projection's int8 inputs that are not 0; empty likewise
// Made here and read here.
@SuppressWarnings("ArrayRecordComponent")
record Measurement(Test test, double[] rates, OptionalDouble joulesPerToken, String checksum, Map<Part, Double> millis,
        List<Double> downDensities) {

    /// A test: so many tokens for so many sequences that have passed so many already.
    ///
    /// @param prompt whether the tokens come in one pass, else one after the other
    /// @param tokens of each sequence
    /// @param batch sequences at once
    /// @param depth positions passed before
    record Test(boolean prompt, int tokens, int batch, int depth) {

        /// `pp512`, `tg128`, `tg128 x16`, `tg128 @2048`.
        String name() {
            return (prompt ? "pp" : "tg") + tokens + (batch == 1 ? "" : " x" + batch)
                    + (depth == 0 ? "" : " @" + depth);
        }

        /// Positions that a sequence reaches.
        int length() {
            return depth + tokens;
        }
    }

    /// The middle one; of an even number the mean of the middle two.
    double median() {
        double[] sorted = rates.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// The slowest.
    double lowest() {
        return Arrays.stream(rates).min().orElseThrow();
    }

    /// The fastest.
    double highest() {
        return Arrays.stream(rates).max().orElseThrow();
    }
}
