package org.ternlm.train.run;

/// What one step was like.
///
/// @param step how many are made now
/// @param loss of its batch before the step, in nats a token
/// @param rate the learning rate
/// @param gradientNorm before clipping
/// @param flippedShare the share of ternary weights that the step turned into other ones; 0 for a dense model
/// @param tokensPerSecond how fast it was
public record StepReport(long step, double loss, double rate, double gradientNorm, double flippedShare,
        double tokensPerSecond) {}
