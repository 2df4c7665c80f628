package org.ternlm.kernel;

/// Offers a native library for products; found by [java.util.ServiceLoader] where its module is on the class path.
public interface ByteProductsProvider {
    /// The name by which users choose it: `onednn`.
    String name();

    /// Loads the library.
    ///
    /// @throws ByteProductsException if it cannot serve here, with the reason in words for the user
    ByteProducts open();
}
