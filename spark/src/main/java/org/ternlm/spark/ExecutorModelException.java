package org.ternlm.spark;

import org.jspecify.annotations.Nullable;

/// An executor cannot use the model: it is missing there, it is another than the driver has, or Tern is. The message says
/// in one line which host, what was expected and what was found.
public final class ExecutorModelException extends RuntimeException {
    ExecutorModelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
