package org.ternlm.server.openai;

import org.ternlm.generate.FinishReason;

/// Why a generation ended, in OpenAI's words.
final class FinishWords {
    private FinishWords() {}

    static String of(FinishReason reason) {
        return switch (reason) {
            // What a mask forbids to go on is complete.
            case STOP, MASK -> "stop";
            // Cancelled by whoever asked, or because the time is over; what there is, is the answer.
            case LENGTH, CONTEXT, CANCELLED -> "length";
        };
    }
}
