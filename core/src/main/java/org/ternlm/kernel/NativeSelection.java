package org.ternlm.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/// Which native library multiplies where many tokens pass at once, if any.
final class NativeSelection {
    private final Supplier<List<ByteProductsProvider>> providers;
    private final TileUnpacking unpacking;

    /// @param providers of libraries; what asking for them throws is a library that fails
    /// @param unpacking for the tiles
    NativeSelection(Supplier<List<ByteProductsProvider>> providers, TileUnpacking unpacking) {
        this.providers = providers;
        this.unpacking = unpacking;
    }

    /// Those on the class path.
    static List<ByteProductsProvider> found() {
        try {
            List<ByteProductsProvider> found = new ArrayList<>();
            ServiceLoader.load(ByteProductsProvider.class).forEach(found::add);
            return found;
        } catch (ServiceConfigurationError broken) {
            throw new ByteProductsException(String.valueOf(broken.getMessage()), broken);
        }
    }

    /// What `choice` gives here.
    ///
    /// @throws IllegalArgumentException if it asks for a library that is not there or fails, naming the reason
    ManyTokens open(NativeChoice choice) {
        return switch (choice) {
            case OFF -> ManyTokens.none("off");
            case AUTO -> ifThere();
            case ONEDNN -> ManyTokens.whenWarm(opened(choice.optionName()), unpacking);
        };
    }

    private ManyTokens ifThere() {
        List<ByteProductsProvider> found;
        try {
            found = providers.get();
        } catch (ByteProductsException broken) {
            ManyTokens none = ManyTokens.none("failed");
            none.giveUp(broken);
            return none;
        }
        return found.isEmpty()
                ? ManyTokens.none("none on the class path")
                : ManyTokens.ifFaster(found.getFirst()::open, unpacking);
    }

    private ByteProducts opened(String name) {
        try {
            for (ByteProductsProvider provider : providers.get()) {
                if (provider.name().equals(name)) {
                    return provider.open();
                }
            }
        } catch (RuntimeException | LinkageError problem) {
            throw new IllegalArgumentException(name + " cannot be had: " + problem.getMessage(), problem);
        }
        throw new IllegalArgumentException(name + " cannot be had: its module, tern-onednn, is not on the class path");
    }
}
