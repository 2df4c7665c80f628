package org.ternlm.chat;

/// A template that is damaged, or that does not take this conversation; the message says which.
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ChatTemplateException(String message) {
        super(message);
    }
}
