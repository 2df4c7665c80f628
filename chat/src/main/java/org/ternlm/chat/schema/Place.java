package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One way to understand the text so far: where in the grammar it has got to. Immutable.
///
/// @param state of the node's terminal
/// @param call the array or object that it is in
/// @param count what has been counted in it
/// @param taken the new names that have come in it
/// @param name what has been read of a new name, else null
record Place(Node.Read node, long state, Call call, int count, Names taken, @Nullable Spelling name) {

    /// Whether a name that ends here has not come before, nor comes elsewhere.
    boolean isNew(String text) {
        return !taken.contains(text) && (node.reserved == null || !node.reserved.contains(text));
    }

    /// Whether what has been read of a new name may become one that is not new.
    boolean mayRepeat() {
        if (node.reserved == null) {
            return false;
        }
        if (name != null && !TextTerminal.isBetweenCharacters(state)) {
            return true;
        }
        String begun = name == null ? "" : Names.readBegun(name.bytes());
        return taken.anyMatch(text -> text.startsWith(begun))
                || node.reserved.stream().anyMatch(text -> text.startsWith(begun));
    }

    /// Arrays or objects of one rule that began at the same byte: they are read together and continue, when they have
    /// ended, in each of the places that began them. So the number of places grows with the grammar, but not with the
    /// depth of the text.
    static final class Call {
        final List<Return> returns = new ArrayList<>();
    }

    /// Where to go on after an array or object.
    record Return(Node node, Call call, int count, Names taken) {}

    /// The bytes of a name, last first. Two are the same if they are the same object.
    static final class Spelling {
        private final @Nullable Spelling before;
        private final byte last;
        private final int length;

        private Spelling(@Nullable Spelling before, byte last, int length) {
            this.before = before;
            this.last = last;
            this.length = length;
        }

        static Spelling add(@Nullable Spelling before, int next) {
            return new Spelling(before, (byte) next, before == null ? 1 : before.length + 1);
        }

        byte[] bytes() {
            byte[] bytes = new byte[length];
            for (Spelling at = this; at != null; at = at.before) {
                bytes[at.length - 1] = at.last;
            }
            return bytes;
        }
    }
}
