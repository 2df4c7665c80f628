package org.ternlm.tokenizer;

import java.util.Arrays;

/// The special tokens around a text.
///
/// @param before the ids before it, such as BOS
/// @param after the ids behind it, such as EOS
record Template(int[] before, int[] after) {
    static final Template EMPTY = new Template(new int[0], new int[0]);

    /// The same with or without `id` as the first of all.
    Template withFirst(int id, boolean wanted) {
        boolean there = before.length > 0 && before[0] == id;
        if (there == wanted) {
            return this;
        }
        return new Template(wanted ? join(new int[] {id}, before) : part(before, 1, before.length), after);
    }

    /// The same with or without `id` as the last of all.
    Template withLast(int id, boolean wanted) {
        boolean there = after.length > 0 && after[after.length - 1] == id;
        if (there == wanted) {
            return this;
        }
        return new Template(before, wanted ? join(after, new int[] {id}) : part(after, 0, after.length - 1));
    }

    private static int[] join(int[] left, int[] right) {
        IdList joined = new IdList();
        joined.addAll(left);
        joined.addAll(right);
        return joined.toArray();
    }

    private static int[] part(int[] ids, int from, int to) {
        return Arrays.copyOfRange(ids, from, to);
    }
}
