package org.ternlm.cli.doctor;

import java.util.List;

/// One section of the doctor's report.
public interface Examination {
    /// What is examined: `environment`.
    String title();

    /// Looks, and says what it found. A thing that cannot be found out is left out, never a failure.
    List<Finding> findings();
}
