package org.ternlm.chat;

import java.util.Locale;

/// Who says something.
public enum Role {
    SYSTEM, USER, ASSISTANT, TOOL;

    /// As templates write it: `system`, `user`, `assistant`, `tool`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
