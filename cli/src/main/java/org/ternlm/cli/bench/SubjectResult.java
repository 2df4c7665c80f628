package org.ternlm.cli.bench;

import java.util.List;
import java.util.OptionalDouble;
import org.ternlm.model.LinearKind;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.MultiplyAccumulates;
import org.ternlm.quant.TritCounts;

/// What was measured of one subject.
///
/// @param name of the subject
/// @param kind what its linear layers are made of
/// @param head the form of its head
/// @param config its shape
/// @param weightBytes that each token reads
/// @param trits the -1, 0 and +1 of its linear layers
/// @param startUp until its first token
/// @param peakBytes the most memory that the process has held so far, where Linux says
/// @param measurements in the order of measuring
record SubjectResult(String name, String kind, String head, ModelConfig config, long weightBytes, TritCounts trits,
        StartUp startUp, long peakBytes, List<Measurement> measurements) {
    /// log₂ 3: no ternary weight without a model of the weights takes less.
    private static final double BITS_OF_A_TRIT = Math.log(3) / Math.log(2);

    SubjectResult {
        measurements = List.copyOf(measurements);
    }

    /// The share of the memory's rate at which the weights were read. Only where tokens come one by one: a prompt reads
    /// them once for many.
    OptionalDouble bandwidthShare(Measurement measurement, OptionalDouble bandwidth) {
        return bandwidth.isEmpty() || measurement.test().prompt()
                ? OptionalDouble.empty()
                : OptionalDouble.of(passes(measurement) * weightBytes / bandwidth.getAsDouble());
    }

    /// The share of the rate that would be reached if nothing but ternary weights were read, in log₂ 3 bits each.
    OptionalDouble entropyShare(Measurement measurement, OptionalDouble bandwidth) {
        if (bandwidth.isEmpty() || measurement.test().prompt() || !isTernary()) {
            return OptionalDouble.empty();
        }
        double bytes = MultiplyAccumulates.of(config, 0).linear() * BITS_OF_A_TRIT / 8;
        return OptionalDouble.of(passes(measurement) * bytes / bandwidth.getAsDouble());
    }

    boolean isTernary() {
        return config.linearKind() != LinearKind.DENSE;
    }

    private static double passes(Measurement measurement) {
        return measurement.median() / measurement.test().batch();
    }
}
