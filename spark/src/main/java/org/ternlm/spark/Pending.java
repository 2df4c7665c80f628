package org.ternlm.spark;

import org.ternlm.generate.Generation;
import org.ternlm.generate.Ticket;

/// The answer to a row, which may not be there yet.
sealed interface Pending {
    /// Waits for it.
    ///
    /// @throws RowException if there is none for this row
    Answer await() throws InterruptedException;

    /// Nobody will wait any more.
    void cancel();

    /// Values for the added columns, and what they cost.
    ///
    /// @param values one for each added column but `error`
    /// @param promptTokens tokens that were given
    /// @param generatedTokens tokens that were made
    record Answer(Object[] values, int promptTokens, int generatedTokens) {}

    /// It is there.
    record Known(Answer answer) implements Pending {
        @Override
        public Answer await() {
            return answer;
        }

        @Override
        public void cancel() {
            // It is too late for that.
        }
    }

    /// There will be none.
    record Refused(RowException reason) implements Pending {
        @Override
        public Answer await() {
            throw reason;
        }

        @Override
        public void cancel() {
            // There is nothing to cancel.
        }
    }

    /// The scheduler works on it.
    record Submitted(Ticket ticket, Reading reading) implements Pending {
        @Override
        public Answer await() throws InterruptedException {
            return reading.answer(ticket.await());
        }

        @Override
        public void cancel() {
            ticket.cancel();
        }
    }

    /// Makes the answer of what the scheduler gives.
    @FunctionalInterface
    interface Reading {
        Answer answer(Generation generation);
    }
}
