package org.ternlm.generate;

/// How far a model's expectations are from those of another one, token by token.
///
/// @param nats Kullback-Leibler divergence of each position's distribution from the reference's, at least 0 but for
/// rounding
/// @param sameTop whether both find the same token the most likely
/// @param reference log-probabilities that the reference gives to the tokens that follow
/// @param compared those of the other model
public record Divergence(double[] nats, boolean[] sameTop, double[] reference, double[] compared) {}
