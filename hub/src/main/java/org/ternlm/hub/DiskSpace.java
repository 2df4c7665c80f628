package org.ternlm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether there is room for a download: better known before than after the first four of five gigabytes.
final class DiskSpace {
    private DiskSpace() {}

    /// @throws HubException if the disk of `folder`, which need not exist yet, has less than `bytes` free
    static void require(Path folder, long bytes) throws IOException {
        Path existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        long free = Files.getFileStore(existing).getUsableSpace();
        if (free < bytes) {
            throw new HubException(HubException.Kind.STORAGE,
                    "%,d bytes are needed, and %s has %,d free".formatted(bytes, folder, free),
                    "HF_HUB_CACHE names another place");
        }
    }
}
