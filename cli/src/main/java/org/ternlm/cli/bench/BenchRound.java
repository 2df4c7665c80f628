package org.ternlm.cli.bench;

import java.util.List;
import java.util.OptionalDouble;

/// What was measured with one number of threads.
///
/// @param threads that computed
/// @param bandwidth bytes a second that the same threads can read, measured in the same run
/// @param manyTokens what multiplied where many tokens passed at once, or why nothing but the usual kernels
/// @param results one a subject
record BenchRound(int threads, OptionalDouble bandwidth, String manyTokens, List<SubjectResult> results) {
    BenchRound {
        results = List.copyOf(results);
    }
}
