package org.ternlm.train.torch;

/// Computes losses of a model and their gradients.
///
/// ```
/// pass.begin(1)                                    the weights as they are now, no gradients yet
/// loss += pass.lossAndGradients(part, weight)      as often as the batch has parts
/// pass.gradients()                                 of all parts
/// ```
///
/// Not thread-safe.
public interface GradientPass extends AutoCloseable {
    /// Starts a step: takes the weights as they are now, forgets gradients.
    ///
    /// @param share how ternary the weights are: W + share · (Q(W) - W)
    void begin(double share);

    /// Σ loss in nats over the targets that count.
    double loss(Sequences batch);

    /// The same; adds to the gradients those of `weight` · that sum.
    double lossAndGradients(Sequences batch, double weight);

    /// The gradients of this step; valid until the next [#begin].
    WeightBlock gradients();

    /// The ternary weights as [#begin] found them, and how many of them had changed since the one before.
    TritCount trits();

    @Override
    void close();
}
