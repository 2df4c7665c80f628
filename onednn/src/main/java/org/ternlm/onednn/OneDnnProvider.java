package org.ternlm.onednn;

import org.ternlm.kernel.ByteProducts;
import org.ternlm.kernel.ByteProductsProvider;

/// Offers oneDNN to core.
public final class OneDnnProvider implements ByteProductsProvider {
    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public ByteProducts open() {
        return OneDnnProducts.open(OneDnnCalls.load());
    }
}
