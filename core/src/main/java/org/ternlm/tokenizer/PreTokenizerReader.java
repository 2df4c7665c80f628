package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;
import org.ternlm.tokenizer.PreTokenizer.Prefix;

/// Reads `pre_tokenizer` as a flat list of steps.
final class PreTokenizerReader {
    /// GPT-2's expression, which a ByteLevel pre-tokenizer implies unless `use_regex` is false.
    static final String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private final List<PreTokenizer> steps = new ArrayList<>();

    private PreTokenizerReader() {}

    /// @throws ModelFormatException if it is damaged or not supported
    static List<PreTokenizer> read(JsonPlace place) {
        PreTokenizerReader reader = new PreTokenizerReader();
        if (!place.isAbsent()) {
            reader.add(place);
        }
        return List.copyOf(reader.steps);
    }

    private void add(JsonPlace place) {
        JsonPlace type = place.get("type");
        switch (type.text()) {
            case "Sequence" -> place.get("pretokenizers").elements().forEach(this::add);
            case "Split" -> addSplit(place);
            case "ByteLevel" -> addByteLevel(place);
            case "Metaspace" -> addMetaspace(place);
            case "Digits" -> split(new Finder.Characters(CharacterKind.NUMBER),
                    place.get("individual_digits").flag(false) ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS);
            case "Punctuation" -> split(new Finder.Characters(CharacterKind.PUNCTUATION),
                    behavior(place, SplitBehavior.ISOLATED));
            case "Whitespace" -> steps.add(new PreTokenizer.Split(new Finder.Words(), SplitBehavior.REMOVED, true));
            case "WhitespaceSplit" -> split(new Finder.Characters(CharacterKind.WHITE_SPACE), SplitBehavior.REMOVED);
            default -> throw type.wrong("Sequence, Split, ByteLevel, Metaspace, Digits, Punctuation, Whitespace or "
                    + "WhitespaceSplit as pre-tokenizer");
        }
    }

    private void split(Finder pattern, SplitBehavior behavior) {
        steps.add(new PreTokenizer.Split(pattern, behavior, false));
    }

    private void addSplit(JsonPlace place) {
        place.refuseOthers(Set.of("type", "pattern", "behavior", "invert"));
        Finder pattern = PatternPlace.read(place.get("pattern"));
        steps.add(new PreTokenizer.Split(pattern, behavior(place, null), place.get("invert").flag(false)));
    }

    private static SplitBehavior behavior(JsonPlace place,
            @Nullable SplitBehavior whenAbsent) {
        JsonPlace name = place.get("behavior");
        SplitBehavior behavior = name.isAbsent() && whenAbsent != null ? whenAbsent : SplitBehavior.of(name.text());
        if (behavior == null) {
            throw name.wrong("one of " + SplitBehavior.spellings());
        }
        return behavior;
    }

    private void addByteLevel(JsonPlace place) {
        place.refuseOthers(Set.of("type", "add_prefix_space", "trim_offsets", "use_regex"));
        if (place.get("add_prefix_space").flag(true)) {
            steps.add(new PreTokenizer.PrefixSpace());
        }
        if (place.get("use_regex").flag(true)) {
            split(new Finder.Expression(OnigurumaPattern.compile(GPT2)), SplitBehavior.ISOLATED);
        }
        steps.add(new PreTokenizer.SpellBytes());
    }

    private void addMetaspace(JsonPlace place) {
        place.refuseOthers(Set.of("type", "replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split"));
        String mark = Character.toString(place.get("replacement").character());
        steps.add(new PreTokenizer.MarkSpaces(mark, prefix(place)));
        if (place.get("split").flag(true)) {
            split(new Finder.Literal(mark), SplitBehavior.MERGED_WITH_NEXT);
        }
    }

    /// Where a Metaspace, pre-tokenizer or decoder, puts a mark before the text. Files older than `prepend_scheme`
    /// have `add_prefix_space`.
    static Prefix prefix(JsonPlace place) {
        JsonPlace scheme = place.get("prepend_scheme");
        boolean prefixSpace = place.get("add_prefix_space").flag(true);
        if (scheme.isAbsent()) {
            return prefixSpace ? Prefix.ALWAYS : Prefix.NEVER;
        }
        Prefix prefix = switch (scheme.text()) {
            case "always" -> Prefix.ALWAYS;
            case "first" -> Prefix.FIRST;
            case "never" -> Prefix.NEVER;
            default -> throw scheme.wrong("always, first or never");
        };
        if (!prefixSpace && prefix != Prefix.NEVER) {
            throw scheme.wrong("never, as add_prefix_space is false");
        }
        return prefix;
    }
}
