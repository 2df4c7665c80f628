package org.ternlm.hub;

/// Hears how a pull goes. Called by several threads at once.
public interface PullListener {
    /// Hears nothing.
    PullListener NONE = new PullListener() {
        @Override
        public void starts(int files, long total, long before) {}

        @Override
        public void advances(long bytes) {}

        @Override
        public void waits(String path) {}
    };

    /// What is missing has been found out. Called once, and not if nothing is missing.
    ///
    /// @param files how many
    /// @param total their bytes
    /// @param before bytes of them that had arrived earlier
    void starts(int files, long total, long before);

    /// More bytes have arrived; fewer than none where something begins anew.
    void advances(long bytes);

    /// Another pull is fetching that file, and is waited for.
    void waits(String path);
}
