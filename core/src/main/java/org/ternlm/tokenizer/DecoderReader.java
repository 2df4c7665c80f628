package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ternlm.format.ModelFormatException;
import org.ternlm.tokenizer.PreTokenizer.Prefix;

/// Reads `decoder` as a flat list of steps.
final class DecoderReader {
    private final List<DecodeStep> steps = new ArrayList<>();

    private DecoderReader() {}

    /// @throws ModelFormatException if it is missing, damaged or not supported
    static List<DecodeStep> read(JsonPlace place) {
        if (place.isAbsent()) {
            throw place.wrong("a decoder");
        }
        DecoderReader reader = new DecoderReader();
        reader.add(place);
        return List.copyOf(reader.steps);
    }

    private void add(JsonPlace place) {
        JsonPlace type = place.get("type");
        String name = type.text();
        boolean fused = steps.stream().anyMatch(DecodeStep::fuses);
        if (fused && !Set.of("Sequence", "Fuse", "Strip").contains(name)) {
            throw type.wrong("nothing but Strip behind Fuse or ByteLevel");
        }
        switch (name) {
            case "Sequence" -> place.get("decoders").elements().forEach(this::add);
            case "ByteLevel" -> steps.add(new DecodeStep.ReadBytes());
            case "ByteFallback" -> steps.add(new DecodeStep.ReadByteTokens());
            case "Fuse" -> steps.add(new DecodeStep.Fuse());
            case "Strip" -> addStrip(place, fused);
            case "Replace" -> {
                place.refuseOthers(Set.of("type", "pattern", "content"));
                Finder pattern = PatternPlace.read(place.get("pattern"));
                steps.add(new DecodeStep.Replace(pattern, place.get("content").text()));
            }
            case "Metaspace" -> {
                String mark = Character.toString(place.get("replacement").character());
                steps.add(new DecodeStep.ReadMarks(mark, PreTokenizerReader.prefix(place) != Prefix.NEVER));
            }
            default -> throw type
                    .wrong("Sequence, ByteLevel, ByteFallback, Fuse, Strip, Replace or Metaspace as decoder");
        }
    }

    private void addStrip(JsonPlace place, boolean fused) {
        String content = Character.toString(place.get("content").character());
        int count = place.get("start").count();
        if (place.get("stop").count() != 0) {
            throw place.get("stop").wrong("0 (stripping the end is not supported)");
        }
        steps.add(fused ? new DecodeStep.StripText(content, count) : new DecodeStep.Strip(content, count));
    }
}
