package org.ternlm.train.distributed;

/// What native code says about a failure, in one line: it sends a stack along, and the name of its source file first.
final class Cause {
    private Cause() {}

    static String line(RuntimeException problem) {
        String message = String.valueOf(problem.getMessage());
        return message.lines().findFirst().orElse("").replaceFirst("^\\[[^]]*] ", "");
    }
}
