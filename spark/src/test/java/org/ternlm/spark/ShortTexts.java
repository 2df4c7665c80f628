package org.ternlm.spark;

import java.util.List;

/// As many different short texts as there are numbers: what a story of the test model is made of.
final class ShortTexts {
    private static final List<String> WHO = List.of("Tom", "Lily", "Ben", "Mia", "The dog", "A cat", "Her mom",
            "The bird",
            "Sam", "He");
    private static final List<String> DID = List.of("saw", "liked", "lost", "found", "wanted", "had", "took", "hid",
            "made", "got");
    private static final List<String> WHAT = List.of("a ball", "the toy", "a big cake", "her hat", "a red car",
            "the park",
            "a box", "a tree", "the sun", "a book");
    private static final List<String> WHEN = List.of("one day", "again", "in the sun", "and was sad", "and ran",
            "at home",
            "with Tim", "and fell", "for her", "too");

    private ShortTexts() {}

    /// The same text for the same number, always.
    static String of(long number) {
        int n = (int) (number % 10_000);
        return "%s %s %s %s. %d".formatted(WHO.get(n % 10), DID.get(n / 10 % 10), WHAT.get(n / 100 % 10), WHEN.get(n
                / 1000), number / 10_000);
    }
}
