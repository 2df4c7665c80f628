package org.ternlm.tokenizer;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The spellings of added tokens as a tree of characters, and the search for them: leftmost first, longest of those.
/// Safe to share once it is built.
final class TokenTrie {
    private static final BitSet NOTHING = new BitSet();

    private final Node root = new Node();

    private static final class Node {
        private final Map<Character, Node> children = HashMap.newHashMap(1);
        private @Nullable AddedToken token;
    }

    private record Match(AddedToken token, int end) {}

    /// Receives a text cut at its added tokens, in order.
    interface Parts {

        /// A part without tokens.
        void text(int start, int end);

        /// A token; the white space that it takes along belongs to no part.
        void token(AddedToken token);
    }

    /// Adds a token under `spelling`, which is not empty. Of two tokens with one spelling the first stays.
    void add(String spelling, AddedToken token) {
        Node node = root;
        for (int i = 0; i < spelling.length(); i++) {
            node = node.children.computeIfAbsent(spelling.charAt(i), _ -> new Node());
        }
        if (node.token == null) {
            node.token = token;
        }
    }

    boolean isEmpty() {
        return root.children.isEmpty();
    }

    /// Cuts `text` at its tokens. A spelling that does not count where it stands (part of a word, or special where
    /// `specialText` says text) is passed over as a whole: nothing is looked for inside it.
    void cut(String text, SpecialText specialText, Parts parts) {
        cut(text, specialText, NOTHING, parts);
    }

    /// The same, where a special token counts only if none of its characters is `foreign`. What is foreign in part is
    /// looked into: a token of the program's own may stand behind the foreign start of another.
    void cut(String text, SpecialText specialText, BitSet foreign, Parts parts) {
        int done = 0;
        int at = 0;
        while (at < text.length()) {
            Match match = longest(text, at);
            if (match == null) {
                at++;
                continue;
            }
            AddedToken token = match.token;
            int foreignAt = token.special() ? foreign.nextSetBit(at) : -1;
            if (foreignAt >= 0 && foreignAt < match.end) {
                at = foreign.nextClearBit(at) >= match.end ? match.end : at + 1;
                continue;
            }
            if (counts(token, text, at, match.end, specialText)) {
                int start = token.takesLeft() ? Math.max(done, Blank.start(text, at)) : at;
                if (done < start) {
                    parts.text(done, start);
                }
                int end = token.takesRight() ? Blank.end(text, match.end) : match.end;
                // A token of white space may lie in what the one before it took along: then there is nothing left.
                if (start < end) {
                    parts.token(token);
                }
                done = end;
            }
            at = match.end;
        }
        if (done < text.length()) {
            parts.text(done, text.length());
        }
    }

    private @Nullable Match longest(String text, int from) {
        Match longest = null;
        Node node = root.children.get(text.charAt(from));
        int at = from + 1;
        while (node != null) {
            if (node.token != null) {
                longest = new Match(node.token, at);
            }
            node = at < text.length() ? node.children.get(text.charAt(at)) : null;
            at++;
        }
        return longest;
    }

    private static boolean counts(AddedToken token, String text, int start, int end, SpecialText specialText) {
        if (token.special() && specialText == SpecialText.AS_TEXT) {
            return false;
        }
        if (!token.singleWord()) {
            return true;
        }
        boolean wordBefore = start > 0 && CharacterKind.WORD.holds(text.codePointBefore(start));
        boolean wordBehind = end < text.length() && CharacterKind.WORD.holds(text.codePointAt(end));
        return !wordBefore && !wordBehind;
    }
}
