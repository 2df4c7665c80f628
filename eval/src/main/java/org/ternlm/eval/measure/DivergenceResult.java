package org.ternlm.eval.measure;

/// How far a model is from another one on a text.
///
/// @param nats Kullback-Leibler divergence of each position
/// @param largest the largest of them
/// @param sameTop how often both find the same token the most likely
/// @param lossDifference nats a token that the model loses against the reference
public record DivergenceResult(Mean nats, double largest, Share sameTop, Mean lossDifference) {}
