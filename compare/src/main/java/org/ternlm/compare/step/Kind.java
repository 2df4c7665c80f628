package org.ternlm.compare.step;

import java.util.List;
import java.util.Locale;

/// Kinds of steps, in the order in which they are done.
public enum Kind {
    /// Splits the texts, learns the tokenizer, counts tokens.
    PREPARE("prepares texts and tokenizer", true, 20),
    /// Measures how fast this machine trains.
    SPEED("measures how fast this machine trains", false, 30),
    /// Finds a learning rate.
    SWEEP("sweeps the learning rate", true, 0),
    /// Trains a model.
    TRAIN("trains", true, 0),
    /// Writes a model as it is run: packed, or as float16.
    PACK("packs", true, 4),
    /// Scores the validation texts.
    LOSS("scores the validation texts", true, 8),
    /// Counts weights.
    INSPECT("inspects", false, 3),
    /// Times a model.
    BENCH("times", false, 12),
    /// Tells what parts of a token take, and how many inputs are 0.
    PROFILE("profiles", false, 6),
    /// Scores tasks with several choices.
    TASKS("does tasks", false, 60),
    /// One precision of the spectrum.
    FORM("converts, scores and times", false, 20),
    /// A rounded model trained again.
    RETRAIN("trains again from the rounded model", false, 0),
    /// Bits a weight of each packing.
    PACKINGS("packs in all formats", false, 10),
    /// Random weights of a published shape.
    GEOMETRY("times a published shape", false, 60),
    /// A run under a limit of memory.
    SMALL("runs with little memory", false, 10);

    private final String verb;
    private final boolean essential;
    private final double usualSeconds;

    Kind(String verb, boolean essential, double usualSeconds) {
        this.verb = verb;
        this.essential = essential;
        this.usualSeconds = usualSeconds;
    }

    /// All of them.
    public static List<Kind> all() {
        return List.of(values());
    }

    /// Its name on the command line and in files.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What it does, for progress.
    String verb() {
        return verb;
    }

    /// Whether a comparison without it makes no sense, so that its failure ends all.
    boolean isEssential() {
        return essential;
    }

    /// What it takes beside training, roughly, on two cores.
    double usualSeconds() {
        return usualSeconds;
    }
}
