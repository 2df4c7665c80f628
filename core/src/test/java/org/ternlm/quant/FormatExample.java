package org.ternlm.quant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A worked example of `docs/formats`: a first line with name and size, then a claim a line.
///
/// ```
/// I2_S, 1 × 128, scale 0.75      or  Q8_0, 32 numbers
/// weight [0,32] = -1             or  number 2 = 0.5
/// other weights = 0              or  other numbers = 0
/// byte 0 = 89
/// bytes 1-31 = 55                one value for all of them, or as many values as there are bytes
/// ```
final class FormatExample {
    private static final Pattern MATRIX = Pattern.compile("(\\w+), (\\d+) × (\\d+), scales? (.+)");
    private static final Pattern NUMBERS = Pattern.compile("(\\w+), (\\d+) numbers");
    private static final Pattern BYTES = Pattern.compile("bytes? (\\d+)(?:-(\\d+))? = ([0-9a-f ]+)");
    private static final Pattern WEIGHT = Pattern.compile("weight \\[(\\d+),(\\d+)] = ([+-]?[01])");
    private static final Pattern NUMBER = Pattern.compile("number (\\d+) = (.+)");
    private static final Pattern OTHERS = Pattern.compile("other (?:weights|numbers) = (.+)");

    private final String first;
    private final List<String> claims;
    private final Map<Integer, Byte> bytes = new LinkedHashMap<>();

    FormatExample(String block) {
        List<String> lines = block.strip().lines().toList();
        first = lines.getFirst();
        claims = lines.subList(1, lines.size());
        claims.forEach(this::readBytes);
    }

    String format() {
        return first.substring(0, first.indexOf(','));
    }

    boolean isMatrix() {
        return MATRIX.matcher(first).matches();
    }

    int numbers() {
        return Integer.parseInt(matched(NUMBERS, first).group(2));
    }

    TernaryMatrix matrix() {
        Matcher header = matched(MATRIX, first);
        int rows = Integer.parseInt(header.group(2));
        int columns = Integer.parseInt(header.group(3));
        String[] words = header.group(4).split(" ");
        float[] scales = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            scales[i] = Float.parseFloat(words[i]);
        }
        byte[] trits = new byte[rows * columns];
        Arrays.fill(trits, Byte.parseByte(others()));
        for (String claim : claims) {
            Matcher weight = WEIGHT.matcher(claim);
            if (weight.matches()) {
                int index = Integer.parseInt(weight.group(1)) * columns + Integer.parseInt(weight.group(2));
                trits[index] = Byte.parseByte(weight.group(3));
            }
        }
        return new TernaryMatrix(rows, columns, trits, scales);
    }

    float[] values() {
        float[] values = new float[numbers()];
        Arrays.fill(values, Float.parseFloat(others()));
        for (String claim : claims) {
            Matcher number = NUMBER.matcher(claim);
            if (number.matches()) {
                values[Integer.parseInt(number.group(1))] = Float.parseFloat(number.group(2));
            }
        }
        return values;
    }

    /// All bytes; there must be a claim for each.
    byte[] bytes() {
        byte[] all = new byte[bytes.size()];
        for (int i = 0; i < all.length; i++) {
            Byte value = bytes.get(i);
            if (value == null) {
                throw new AssertionError(first + ": nothing is said about byte " + i);
            }
            all[i] = value;
        }
        return all;
    }

    private String others() {
        return claims.stream().map(OTHERS::matcher).filter(Matcher::matches).map(claim -> claim.group(1)).findFirst()
                .orElseThrow(() -> new AssertionError(first + ": nothing is said about the others"));
    }

    private void readBytes(String claim) {
        if (List.of(WEIGHT, NUMBER, OTHERS).stream().anyMatch(pattern -> pattern.matcher(claim).matches())) {
            return;
        }
        Matcher matcher = matched(BYTES, claim);
        int from = Integer.parseInt(matcher.group(1));
        int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
        byte[] values = HexFormat.of().parseHex(matcher.group(3).replace(" ", ""));
        List<Integer> twice = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            if (values.length != 1 && values.length != to - from + 1) {
                throw new AssertionError(claim + ": " + values.length + " values");
            }
            if (bytes.put(i, values[values.length == 1 ? 0 : i - from]) != null) {
                twice.add(i);
            }
        }
        if (!twice.isEmpty()) {
            throw new AssertionError(claim + ": said twice of " + twice);
        }
    }

    private static Matcher matched(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("not understood: " + line);
        }
        return matcher;
    }
}
