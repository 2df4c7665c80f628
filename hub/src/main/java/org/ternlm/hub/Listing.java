package org.ternlm.hub;

import java.util.List;

/// What a repository holds at a commit.
///
/// @param commit 40 hexadecimal digits
/// @param files all of its files
record Listing(String commit, List<RemoteFile> files) {
    Listing {
        files = List.copyOf(files);
    }
}
