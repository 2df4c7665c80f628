package org.ternlm.model;

import org.ternlm.kernel.KvBlock;

/// Keys and values of 64 consecutive positions, all layers: what caches of one [KvPool] share.
final class KvColumn {
    private final KvBlock[] layers;
    /// Caches that hold it.
    int holders;
    /// Those of them that may still grow.
    int growing;

    KvColumn(KvBlock[] layers) {
        this.layers = layers;
    }

    KvBlock layer(int index) {
        return layers[index];
    }

    KvColumn copy() {
        KvBlock[] copies = new KvBlock[layers.length];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = layers[i].copy();
        }
        return new KvColumn(copies);
    }
}
