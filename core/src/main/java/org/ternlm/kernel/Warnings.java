package org.ternlm.kernel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Warnings that are worth saying, once.
final class Warnings {
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Warnings() {}

    static void once(System.Logger log, String message) {
        if (SAID.add(message)) {
            log.log(System.Logger.Level.WARNING, message);
        }
    }
}
