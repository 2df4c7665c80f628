package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Something that is done once and leaves a result.
///
/// @param kind what sort of work
/// @param id names its result; unlike that of all other steps
/// @param about what it is about
/// @param needs the steps whose results it reads
/// @param decides in words, all in the configuration that decides what comes out
/// @param steps of training in it, 0 where it trains nothing
/// @param operations of that training
/// @param work the doing
public record Step(Kind kind, String id, Map<String, String> about, List<String> needs, String decides, long steps,
        double operations, Work work) {

    /// Does a step, and gives its values.
    @FunctionalInterface
    public interface Work {
        /// @throws StepFailedException if it cannot be done
        ObjectNode run(Desk desk) throws IOException;
    }

    public Step {
        about = new LinkedHashMap<>(about);
        needs = List.copyOf(needs);
    }

    /// A step that trains nothing.
    static Step of(Kind kind, String id, Map<String, String> about, List<String> needs, String decides, Work work) {
        return new Step(kind, id, about, needs, decides, 0, 0, work);
    }

    /// For people: `trains 1M b158, seed 2`.
    String title() {
        return (kind.verb() + " " + String.join(" ", about.values())).strip();
    }

    /// A checksum of what decides.
    String checksum() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(decides.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
