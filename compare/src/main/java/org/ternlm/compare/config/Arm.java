package org.ternlm.compare.config;

import java.util.List;

/// What linear layers are made of: the only thing in which the models of a comparison differ.
public enum Arm {
    /// Full precision.
    LLAMA("llama", "LLaMA", 1),
    /// BitNet: weights -1, +1.
    B1("b1", "BitNet ±1", 0.25),
    /// BitNet b1.58: weights -1, 0, +1.
    B158("b158", "BitNet b1.58", 0.25);

    private final String configName;
    private final String title;
    private final double growth;

    Arm(String configName, String title, double growth) {
        this.configName = configName;
        this.title = title;
        this.growth = growth;
    }

    /// All of them.
    public static List<Arm> all() {
        return List.of(values());
    }

    /// Its name in configurations and files.
    public String configName() {
        return configName;
    }

    /// Its name in reports.
    public String title() {
        return title;
    }

    /// Whether its weights are packed.
    public boolean isTernary() {
        return this != LLAMA;
    }

    /// A learning rate found at one width, taken to another, by the rule that training takes the published rates by:
    /// inversely to the width for full precision, to its fourth root for one and 1.58 bits.
    public double rateAt(int width, double rate, int foundAt) {
        return rate * Math.pow((double) foundAt / width, growth);
    }
}
