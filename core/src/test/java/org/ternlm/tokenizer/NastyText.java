package org.ternlm.tokenizer;

import java.util.List;
import java.util.Random;

/// Random texts that look for trouble. Only characters of Unicode 13 or older: what a newer version assigns is a
/// letter to one library and unassigned to another.
final class NastyText {
    private static final List<String> PARTS = List.of("a", "b", "the", "The", " the", "'s", "'S", "'\u017F", "'ll",
            "'LL", "don't", "DON'T", "'\u212A", "time", " upon", "Once", "ing", "\u2019s", " ", "  ", "     ", "\n",
            "\n\n", "\r\n", "\r", "\t", "\u000B", "\f", "\u0085", "\u00A0", "\u200B", "\u3000", "\u2028", "\u2029",
            "\u1680", "\u180E", "\u2003", "\u202F", "\uFEFF", "\u0000", "\u0001", "\u001B", "\u001C", "\u001D",
            "\u001E", "\u001F", "\u007F", "0", "1", "12", "123", "1234567", "\u0661", "\u00B2", "\u2160", "\u00BD",
            "3.14", ".", ",", "!", "?", "...", "!!!", "$", "+", "=", "<", ">", "|", "_", "-", "--", "\"", "'", "(",
            ")", "@", "#", "\\", "/", "\u00AD", "\u00E9", "e\u0301", "\u0308", "\u0301\u0302", "\u00DF", "\u1E9E",
            "\u0130", "\u0131", "\u03A3", "\u03C2", "\u01C5", "\uFB01", "\uFB06", "\u00C5", "\u212B", "\u4E2D\u6587",
            "\u65E5\u672C", "\u3072", "\u30AB", "\uD55C\uAE00", "\u1112\u1161\u11AB", "\u0E44\u0E17\u0E22",
            "\u0928\u092E\u0938\u094D\u0924\u0947", "\u0627\u0644", "\u05E9\u05B8", "\u043D\u0435\u0449",
            "\u4E00\u4E8C", "\u3002", "\u300C", "\uD83D\uDE00", "\uD83D\uDC69\u200D\uD83D\uDC67", "\uD83C\uDDE9\uD83C"
                    + "\uDDEA",
            "\u2764\uFE0F", "\uD83D\uDC4D\uD83C\uDFFD", "\uD835\uDC00", "\uD834\uDD1E",
            "\uDBFF\uDFFF", "\uE000", "\uFFFD", "\uFFFE", "\uFFFF", "\u2581", "\u2581\u2581", "<s>", "</s>", "<unk>",
            "<0x0A>", "<|begin_of_text|>", "<|eot_id|>", "<|end_of_text|>", "<|endoftext|>", "<|", "|>", "[T]", "[L]",
            "[R]", "[B]", "[W]", "[n]", "[N]", " [L] ", " [R] ", "  [B]  ", "x[W]", "[W]x", " [W] ", "[W][W]", "\u0120",
            "\u010A", "\u00C3", "don't they're we've I'm you'll he'd");

    private final Random random;

    NastyText(long seed) {
        random = new Random(seed);
    }

    /// A text of up to about a dozen parts; now and then a long run of one.
    String next() {
        StringBuilder text = new StringBuilder();
        int parts = random.nextInt(random.nextInt(4) == 0 ? 40 : 12);
        for (int i = 0; i < parts; i++) {
            int kind = random.nextInt(20);
            if (kind == 0) {
                text.append(PARTS.get(random.nextInt(PARTS.size())).repeat(random.nextInt(30)));
            } else if (kind < 3) {
                text.append((char) (' ' + random.nextInt(95)));
            } else if (kind == 3) {
                text.appendCodePoint(anyAssigned());
            } else {
                text.append(PARTS.get(random.nextInt(PARTS.size())));
            }
        }
        return text.toString();
    }

    int nextInt(int bound) {
        return random.nextInt(bound);
    }

    /// From blocks that were full, as far as they are now, by Unicode 13.
    private int anyAssigned() {
        int[][] ranges = {{0x00, 0x37F}, {0x400, 0x52F}, {0x5D0, 0x5EA}, {0x620, 0x6FF}, {0x900, 0x97F},
                {0x1100, 0x11FF}, {0x1E00, 0x1EFF}, {0x2000, 0x2064}, {0x2190, 0x23FF}, {0x3041, 0x3096},
                {0x4E00, 0x9FEF}, {0xAC00, 0xD7A3}, {0xE000, 0xF8FF}, {0xFE00, 0xFE0F}, {0xFF01, 0xFF60},
                {0x1F300, 0x1F64F}, {0x20000, 0x2A6D6}, {0xE0100, 0xE01EF}};
        int[] range = ranges[random.nextInt(ranges.length)];
        return range[0] + random.nextInt(range[1] - range[0] + 1);
    }
}
