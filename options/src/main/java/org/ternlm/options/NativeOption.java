package org.ternlm.options;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.ternlm.command.CommandException;
import org.ternlm.kernel.NativeChoice;
import picocli.CommandLine.Option;

/// Whether a native library multiplies where many tokens pass at once.
public final class NativeOption {

    @Option(names = "--native", paramLabel = "LIBRARY", description = "What multiplies in long prompts: onednn (fetched the first time), off (plain Java), or auto (the default): onednn if it is there and faster.")
    private String name = NativeChoice.AUTO.optionName();

    /// The choice that the user named.
    ///
    /// @throws CommandException if there is none of that name
    public NativeChoice choice() {
        return Arrays.stream(NativeChoice.values()).filter(choice -> choice.optionName().equalsIgnoreCase(name))
                .findFirst().orElseThrow(() -> new CommandException("--native: expected "
                        + Arrays.stream(NativeChoice.values()).map(NativeChoice::optionName)
                                .collect(Collectors.joining(", "))
                        + ", found " + name));
    }
}
