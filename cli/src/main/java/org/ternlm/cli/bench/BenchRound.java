package org.ternlm.cli.bench;

import java.util.List;
import java.util.OptionalDouble;

/// What was measured with one number of threads.
///
/// @param threads that computed
/// @param bandwidth bytes a second that the same threads can read, measured in the same run
/// @param results one a subject
record BenchRound(int threads, OptionalDouble bandwidth, List<SubjectResult> results) {
    BenchRound {
        results = List.copyOf(results);
    }
}
