package org.ternlm.train.run;

import java.io.IOException;

/// Learns how a training goes, on the thread that trains.
public interface TrainingListener {
    /// A step was made.
    void stepped(StepReport report);

    /// The validation documents were looked at.
    void validated(ValidationReport report);

    /// A checkpoint is complete.
    void saved(Checkpoint checkpoint) throws IOException;
}
