package org.ternlm.train.run;

/// Learns how a training goes, on the thread that trains.
public interface TrainingListener {
    /// A step was made.
    ///
    /// @param step how many now
    /// @param loss of its batch, before the step, in nats a token
    /// @param rate the learning rate
    /// @param gradientNorm before clipping
    /// @param tokensPerSecond of this step
    void stepped(long step, double loss, double rate, double gradientNorm, double tokensPerSecond);

    /// The validation documents were looked at.
    ///
    /// @param tritShares shares of -1, 0 and +1; zeros for a dense model
    void validated(long step, double loss, double[] tritShares);

    /// A checkpoint is complete.
    void saved(Checkpoint checkpoint);
}
