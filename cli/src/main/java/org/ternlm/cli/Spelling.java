package org.ternlm.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses what a mistyped word was meant to be.
final class Spelling {
    private Spelling() {}

    /// The nearest of `words`, if it takes few enough changes to be what was meant.
    static Optional<String> nearest(String typed, Collection<String> words) {
        int most = Math.max(1, typed.replace("-", "").length() / 3);
        return words.stream().filter(word -> changes(typed, word) <= most)
                .min(Comparator.<String>comparingInt(word -> changes(typed, word)).thenComparing(word -> word));
    }

    /// Characters that have to be inserted, left out, replaced or swapped with their neighbour.
    private static int changes(String from, String to) {
        int[][] least = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                least[i][j] = i == 0 || j == 0 ? i + j : step(least, from, to, i, j);
            }
        }
        return least[from.length()][to.length()];
    }

    private static int step(int[][] least, String from, String to, int i, int j) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int steps = Math.min(Math.min(least[i - 1][j], least[i][j - 1]) + 1, least[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(steps, least[i - 2][j - 2] + 1) : steps;
    }
}
