package org.ternlm.generate;

import org.ternlm.kernel.NativeChoice;
import org.ternlm.model.HeadForm;

/// How a model is opened.
///
/// @param threads that compute, the calling one included, 1 to 1024
/// @param head what the output head is made of; [HeadForm#FILE] changes no result
/// @param nativeChoice whether a native library multiplies where many tokens pass at once; changes no result
public record OpenOptions(int threads, HeadForm head, NativeChoice nativeChoice) {

    public OpenOptions {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("expected 1 to 1024 threads, found " + threads);
        }
    }

    /// As many threads as there are processors, and everything as the files have it.
    public static OpenOptions usual() {
        return new OpenOptions(Runtime.getRuntime().availableProcessors(), HeadForm.FILE, NativeChoice.AUTO);
    }

    /// The same with so many threads.
    public OpenOptions withThreads(int count) {
        return new OpenOptions(count, head, nativeChoice);
    }

    /// The same with another head.
    public OpenOptions withHead(HeadForm form) {
        return new OpenOptions(threads, form, nativeChoice);
    }

    /// The same with another choice of native libraries.
    public OpenOptions withNative(NativeChoice choice) {
        return new OpenOptions(threads, head, choice);
    }
}
