package org.ternlm.tokenizer;

import java.text.Normalizer.Form;
import java.util.List;
import java.util.Set;
import org.ternlm.format.ModelFormatException;

/// Reads `normalizer`.
final class NormalizerReader {

    private NormalizerReader() {}

    /// @throws ModelFormatException if it is damaged or not supported
    static Normalizer read(JsonPlace place) {
        if (place.isAbsent()) {
            return new Normalizer.Sequence(List.of());
        }
        JsonPlace type = place.get("type");
        return switch (type.text()) {
            case "Sequence" -> new Normalizer.Sequence(
                    place.get("normalizers").elements().stream().map(NormalizerReader::read).toList());
            case "Prepend" -> new Normalizer.Prepend(place.get("prepend").text());
            case "Replace" -> {
                place.refuseOthers(Set.of("type", "pattern", "content"));
                yield new Normalizer.Replace(PatternPlace.read(place.get("pattern")), place.get("content").text());
            }
            case "NFC" -> new Normalizer.Unicode(Form.NFC);
            case "NFD" -> new Normalizer.Unicode(Form.NFD);
            case "NFKC" -> new Normalizer.Unicode(Form.NFKC);
            case "NFKD" -> new Normalizer.Unicode(Form.NFKD);
            case "Lowercase" -> new Normalizer.Lowercase();
            case "Strip" -> new Normalizer.Strip(place.get("strip_left").flag(true),
                    place.get("strip_right").flag(true));
            default -> throw type
                    .wrong("Sequence, Prepend, Replace, NFC, NFD, NFKC, NFKD, Lowercase or Strip as normalizer");
        };
    }
}
