package org.ternlm.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufEntries;

/// Says in GGUF's metadata what a model is, as llama.cpp and its relatives read it.
final class GgufConfigWriter {
    private GgufConfigWriter() {}

    /// The architecture under which a model is written.
    ///
    /// @param wanted its name; without one, the one that most programs know
    /// @param file where the model comes from, for messages
    /// @throws ModelFormatException if none means what the model computes, or the one that is wanted does not
    static GgufArchitecture architecture(ModelConfig config, Optional<String> wanted, Path file) {
        List<GgufArchitecture> possible = Arrays.stream(GgufArchitecture.values())
                .filter(architecture -> computes(architecture, config)).toList();
        if (possible.isEmpty()) {
            throw ModelFormatException.in(file).expected("a model that an architecture of GGUF means")
                    .found(describe(config)).problem();
        }
        if (wanted.isEmpty()) {
            return possible.contains(GgufArchitecture.BITNET_B158) ? GgufArchitecture.BITNET_B158 : possible.getFirst();
        }
        return possible.stream().filter(architecture -> architecture.ggufName().equals(wanted.get())).findFirst()
                .orElseThrow(() -> ModelFormatException.in(file).at("architecture")
                        .expected("one that computes %s: %s".formatted(describe(config), possible.stream().map(
                                GgufArchitecture::ggufName).toList()))
                        .found(wanted.get()).hint("another would run, and compute something else").problem());
    }

    private static boolean computes(GgufArchitecture architecture, ModelConfig config) {
        boolean head = config.tiedHead() || architecture != GgufArchitecture.BITNET;
        boolean bias = !config.feedForwardBias() || architecture == GgufArchitecture.LLAMA;
        return architecture.activation() == config.activation() && architecture.isBitNet() == config.subNorms()
                && architecture.hasHeadNorms() == config.headNorms() && !config.inputNorms() && head && bias;
    }

    private static String describe(ModelConfig config) {
        return "%s, %s sub-norms, %s head%s%s%s".formatted(config.activation().configName(),
                config.subNorms() ? "with" : "without", config.tiedHead() ? "a tied" : "an untied",
                config.headNorms() ? ", norms of heads" : "", config.inputNorms() ? ", norms inside BitLinear" : "",
                config.feedForwardBias() ? ", biases in the feed-forward network" : "");
    }

    /// Puts what `architecture` says of a model.
    ///
    /// @throws ModelFormatException if GGUF cannot say something of the configuration
    static void put(ModelConfig config, GgufArchitecture architecture, Path file, GgufEntries entries) {
        String prefix = architecture.ggufName() + ".";
        entries.put(prefix + "vocab_size", config.vocabularySize());
        entries.put(prefix + "context_length", config.contextLength());
        entries.put(prefix + "embedding_length", config.hiddenSize());
        entries.put(prefix + "block_count", config.layers());
        entries.put(prefix + "feed_forward_length", config.feedForwardSize());
        entries.put(prefix + "rope.dimension_count", config.headSize());
        entries.put(prefix + "attention.head_count", config.heads());
        entries.put(prefix + "attention.head_count_kv", config.keyValueHeads());
        if (config.querySize() != config.hiddenSize()) {
            entries.put(prefix + "attention.key_length", config.headSize());
            entries.put(prefix + "attention.value_length", config.headSize());
        }
        entries.put(prefix + "attention.layer_norm_rms_epsilon", (double) config.normEpsilon());
        entries.put(prefix + "rope.freq_base", (double) theta(config, file));
        switch (config.ropeScaling()) {
            case RopeScaling.None _ -> {
            }
            case RopeScaling.Linear(double factor) -> entries.put(prefix + "rope.scaling.type", "linear")
                    .put(prefix + "rope.scaling.factor", (double) (float) factor);
            case RopeScaling.Llama3 _,RopeScaling.Factors _ -> {
                if (architecture != GgufArchitecture.LLAMA) {
                    throw ModelFormatException.in(file).at("rope_scaling")
                            .expected("none or linear for " + architecture.ggufName())
                            .found("a factor for each rotary pair").problem();
                }
            }
        }
    }

    /// What the frequency of each rotary pair is divided by, for the tensor that says it; empty where none is needed.
    static float[] ropeDivisors(ModelConfig config) {
        return switch (config.ropeScaling()) {
            case RopeScaling.None _,RopeScaling.Linear _ -> new float[0];
            case RopeScaling.Llama3 _,RopeScaling.Factors _ -> divisors(config);
        };
    }

    /// What each frequency is divided by, however that is said.
    static float[] divisors(ModelConfig config) {
        float[] divisors = new float[config.headSize() / 2];
        for (int pair = 0; pair < divisors.length; pair++) {
            double frequency = Math.pow(config.ropeTheta(), -2.0 * pair / config.headSize());
            divisors[pair] = (float) (1 / config.ropeScaling().frequencyFactor(pair, frequency));
        }
        return divisors;
    }

    private static float theta(ModelConfig config, Path file) {
        float theta = (float) config.ropeTheta();
        if (theta != config.ropeTheta()) {
            throw ModelFormatException.in(file).at("rope_theta").expected("a number that a float holds, for GGUF")
                    .found(config.ropeTheta()).problem();
        }
        return theta;
    }
}
