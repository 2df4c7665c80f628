package org.ternlm.train.config;

import java.util.Map;
import java.util.stream.Stream;
import org.ternlm.model.LinearKind;

/// What a comparison compares: models that differ in their linear layers and in nothing else.
public enum Arm {
    /// BitNet b1.58: weights -1, 0, +1.
    B158("b158", LinearKind.MASTER_TERNARY, 1.5e-3, 1e-3, 0.25),
    /// BitNet: weights -1, +1.
    B1("b1", LinearKind.MASTER_SIGN, 1.5e-3, 1e-3, 0.25),
    /// Full precision.
    LLAMA("llama", LinearKind.DENSE, 2.5e-4, 2.5e-4, 1);

    /// The width that the published rates are for.
    private static final double PUBLISHED_WIDTH = 1536;

    private final String configName;
    private final LinearKind linearKind;
    private final double firstRate;
    private final double secondRate;
    private final double growth;

    Arm(String configName, LinearKind linearKind, double firstRate, double secondRate, double growth) {
        this.configName = configName;
        this.linearKind = linearKind;
        this.firstRate = firstRate;
        this.secondRate = secondRate;
        this.growth = growth;
    }

    /// Its name in configurations.
    public String configName() {
        return configName;
    }

    /// What its linear layers are made of in a checkpoint.
    public LinearKind linearKind() {
        return linearKind;
    }

    /// The peak learning rate where none is given: the published one for 700M parameters (training tips of the BitNet
    /// authors, table 2), growing as the width shrinks: with its fourth root for ternary weights, which meets what a sweep
    /// found at width 256 (docs/results/siblings). A starting point; a sweep finds the right one.
    double rate(int hiddenSize) {
        return firstRate * Math.pow(PUBLISHED_WIDTH / hiddenSize, growth);
    }

    /// The same for the second stage.
    double secondRate(int hiddenSize) {
        return secondRate * Math.pow(PUBLISHED_WIDTH / hiddenSize, growth);
    }

    /// The arm whose checkpoints have such layers.
    static Arm of(LinearKind kind) {
        return Stream.of(values()).filter(arm -> arm.linearKind == kind).findFirst().orElseThrow();
    }

    static Map<String, Arm> byName() {
        return Map.of("b158", B158, "b1", B1, "llama", LLAMA);
    }
}
