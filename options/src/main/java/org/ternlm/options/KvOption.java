package org.ternlm.options;

import java.util.Arrays;
import java.util.Locale;
import org.ternlm.command.CommandException;
import org.ternlm.kernel.KvForm;
import picocli.CommandLine.Option;

/// What keys and values are kept as.
public final class KvOption {
    @Option(names = "--kv", paramLabel = "FORM", description = "Keeps keys and values as f32, which is exact, bf16 (half of the memory) or int8 (about a quarter).")
    private String form = "f32";

    /// The form that was named.
    ///
    /// @throws CommandException if there is none of that name
    public KvForm form() {
        return Arrays.stream(KvForm.values()).filter(known -> known.name().equals(form.toUpperCase(Locale.ROOT)))
                .findFirst().orElseThrow(() -> new CommandException(
                        "--kv: expected f32, bf16 or int8, found " + form));
    }
}
