package org.ternlm.kernel;

/// Whether a native library multiplies where many tokens pass at once. It changes no result.
public enum NativeChoice {
    /// If there is one, it loads, and it is faster than plain Java here.
    AUTO("auto"),
    /// Plain Java.
    OFF("off"),
    /// oneDNN, and an error where it cannot be had.
    ONEDNN("onednn");

    private final String optionName;

    NativeChoice(String optionName) {
        this.optionName = optionName;
    }

    /// The name that users meet; of a library, its [ByteProductsProvider#name].
    public String optionName() {
        return optionName;
    }
}
