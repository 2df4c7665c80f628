package org.ternlm.compare.config;

import java.util.List;

/// Random weights of published shapes, for time and memory.
///
/// @param names as `tern bench --geometry` knows them
/// @param kinds of linear layers, as `--kinds` knows them
/// @param embedding form of embedding and head
/// @param head rounded to, as `--head` knows it
/// @param prompt tokens
/// @param generated tokens
/// @param repeat how often
public record Geometries(List<String> names, List<String> kinds, String embedding, String head, int prompt,
        int generated, int repeat) {
    public Geometries {
        names = List.copyOf(names);
        kinds = List.copyOf(kinds);
    }

    static Geometries read(Section section) {
        List<String> kinds = section.texts("kinds");
        return new Geometries(section.texts("names"), kinds.isEmpty() ? List.of("f16", "b1", "b158") : kinds,
                section.text("embedding", "F16"), section.text("head", "file"),
                (int) section.whole("prompt", 0, 1 << 16, 16), (int) section.whole("tokens", 1, 1 << 16, 8),
                (int) section.whole("repeat", 1, 1000, 1));
    }
}
