package org.ternlm.train.data;

import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ternlm.tokenizer.SpecialText;
import org.ternlm.tokenizer.Tokenizer;

/// Tokenises documents in several threads and gives them back in the order in which they came: what is written does not
/// depend on the number of threads. Documents travel in groups of some size, of which only a few are under way at a
/// time. Used from one thread.
final class TokenizingPool implements AutoCloseable {
    private static final int GROUP_CHARACTERS = 1 << 18;
    private static final int GROUPS_PER_THREAD = 3;

    private final Tokenizer tokenizer;
    private final int[] before;
    private final int[] after;
    private final int groupsUnderWay;
    private final ExecutorService threads;
    private final Deque<Future<List<Tokenized>>> underWay = new ArrayDeque<>();
    private List<Untokenized> group = new ArrayList<>();
    private int groupCharacters;

    private record Untokenized(int source, String text) {}

    /// A document as it will be stored.
    ///
    /// @param source the number of its source
    /// @param hash of its text
    /// @param utf8Bytes of its text
    record Tokenized(int source, int[] tokens, long hash, long utf8Bytes) {}

    /// @param before ids before each document
    /// @param after ids behind each document
    TokenizingPool(Tokenizer tokenizer, int[] before, int[] after, int threadCount) {
        this.tokenizer = tokenizer;
        this.before = before.clone();
        this.after = after.clone();
        this.groupsUnderWay = threadCount * GROUPS_PER_THREAD;
        this.threads = Executors.newFixedThreadPool(threadCount,
                Thread.ofPlatform().daemon().name("tokenizing-", 0).factory());
    }

    /// Takes a document and gives those that are done and whose turn it is, if there are too many under way.
    List<Tokenized> add(int source, String text) throws InterruptedIOException {
        group.add(new Untokenized(source, text));
        groupCharacters += text.length();
        if (groupCharacters < GROUP_CHARACTERS) {
            return List.of();
        }
        submit();
        return underWay.size() > groupsUnderWay ? take() : List.of();
    }

    /// Gives the next documents that are still under way; none if there are none left.
    List<Tokenized> rest() throws InterruptedIOException {
        if (!group.isEmpty()) {
            submit();
        }
        return underWay.isEmpty() ? List.of() : take();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void submit() {
        List<Untokenized> submitted = group;
        underWay.add(threads.submit(() -> submitted.stream().map(this::tokenize).toList()));
        group = new ArrayList<>();
        groupCharacters = 0;
    }

    private List<Tokenized> take() throws InterruptedIOException {
        try {
            return underWay.remove().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while tokenising");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("tokenising failed: " + e.getCause(), e);
        }
    }

    private Tokenized tokenize(Untokenized document) {
        // A text that spells a special token is not to be mistaken for the end of a document.
        int[] ids = tokenizer.encode(document.text, false, SpecialText.AS_TEXT);
        int[] tokens = new int[before.length + ids.length + after.length];
        System.arraycopy(before, 0, tokens, 0, before.length);
        System.arraycopy(ids, 0, tokens, before.length, ids.length);
        System.arraycopy(after, 0, tokens, before.length + ids.length, after.length);
        return new Tokenized(document.source, tokens, Hashes.document(document.text), utf8Bytes(document.text));
    }

    /// As many as the text has when unpaired surrogates (JSON can spell them) are U+FFFD.
    private static long utf8Bytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return bytes;
    }
}
