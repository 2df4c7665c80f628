package org.ternlm.command;

import java.util.Locale;

/// What a [Progress] counts, and how amounts of it read.
public sealed interface Unit {
    /// Bytes, shown in powers of 1000: `3.4 GB`.
    Unit BYTES = new Bytes();

    /// Things with a name in the plural: `tokens`, `steps`, `files`.
    static Unit of(String plural) {
        return new Things(plural);
    }

    /// An amount with its unit: `1.2 GB`, `4,096 tokens`.
    String amount(double amount);

    /// Part of a whole with its unit: `0.4 GB of 1.2 GB`, `12 of 4,096 tokens`.
    String part(long done, long total);

    /// @param plural the name of more than one
    record Things(String plural) implements Unit {
        @Override
        public String amount(double amount) {
            return number(amount) + " " + plural;
        }

        @Override
        public String part(long done, long total) {
            return number(done) + " of " + amount(total);
        }

        /// Slow things need a digit after the point, fast ones are whole numbers.
        private static String number(double amount) {
            boolean whole = amount >= 100 || amount == Math.rint(amount);
            return String.format(Locale.ROOT, whole ? "%,.0f" : "%.1f", amount);
        }
    }

    /// Bytes in powers of 1000.
    record Bytes() implements Unit {
        @Override
        public String amount(double amount) {
            double scaled = amount;
            String prefixes = " kMGTPE";
            int prefix = 0;
            while (scaled >= 999.5 && prefix < prefixes.length() - 1) {
                scaled /= 1000;
                prefix++;
            }
            return prefix == 0
                    ? String.format(Locale.ROOT, "%.0f B", scaled)
                    : String.format(Locale.ROOT, scaled < 9.95 ? "%.1f %cB" : "%.0f %cB", scaled,
                            prefixes.charAt(prefix));
        }

        @Override
        public String part(long done, long total) {
            return amount(done) + " of " + amount(total);
        }
    }
}
