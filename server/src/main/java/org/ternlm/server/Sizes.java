package org.ternlm.server;

import java.util.Locale;
import org.ternlm.command.CommandException;

/// Amounts of memory as people write them: `512M`, `2G`, in powers of 1024.
final class Sizes {
    private static final String UNITS = "KMGT";

    private Sizes() {}

    /// @param option what it is for, in messages
    /// @throws CommandException if it is none, or not 1 to `most`
    static long parse(String option, String text, long most) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        int unit = upper.isEmpty() ? -1 : UNITS.indexOf(upper.charAt(upper.length() - 1));
        String digits = unit < 0 ? upper : upper.substring(0, upper.length() - 1);
        long value;
        try {
            value = Math.multiplyExact(Long.parseLong(digits), 1L << 10 * (unit + 1));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new CommandException("%s: expected a size such as 512M or 2G, found %s".formatted(option, text), null,
                    e);
        }
        if (value < 1 || value > most) {
            throw new CommandException("%s: expected 1 to %d bytes, found %s".formatted(option, most, text));
        }
        return value;
    }
}
