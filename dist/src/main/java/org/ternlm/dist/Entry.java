package org.ternlm.dist;

/// One file, link or folder of a [Tree].
///
/// @param mode rights as Unix has them, such as 0755
/// @param owner the number of its owner and group
record Entry(Content content, int mode, int owner) {
    static final int ROOT = 0;
    static final int FILE = 0644;
    static final int PROGRAM = 0755;

    boolean isFolder() {
        return content instanceof Content.Folder;
    }
}
