package org.ternlm.cli.verify;

/// One thing that was compared, or could not be.
///
/// @param what was compared
/// @param outcome how it went
/// @param detail figures, or why not
record Check(String what, Outcome outcome, String detail) {
    /// How a comparison went.
    enum Outcome {
        /// It is as it should be.
        PASSED("passed"),
        /// It is not.
        FAILED("failed"),
        /// What it needs is not on this machine.
        NOT_RUN("not run here");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /// For people.
        String text() {
            return text;
        }
    }

    static Check of(String what, boolean right, String detail) {
        return new Check(what, right ? Outcome.PASSED : Outcome.FAILED, detail);
    }

    static Check notRun(String what, String reason) {
        return new Check(what, Outcome.NOT_RUN, reason);
    }
}
