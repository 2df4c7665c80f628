package org.ternlm.tokenizer;

import java.util.List;
import org.ternlm.format.ModelFormatException;

/// Reads `post_processor` as far as it puts special tokens around a single text.
final class TemplateReader {

    private TemplateReader() {}

    /// @throws ModelFormatException if it is damaged or not supported
    static Template read(JsonPlace place, Vocabulary vocabulary) {
        if (place.isAbsent()) {
            return Template.EMPTY;
        }
        JsonPlace type = place.get("type");
        return switch (type.text()) {
            // It only trims the offsets that the reference keeps.
            case "ByteLevel" -> Template.EMPTY;
            case "TemplateProcessing" -> template(place, vocabulary);
            case "Sequence" -> {
                Template template = Template.EMPTY;
                for (JsonPlace processor : place.get("processors").elements()) {
                    Template next = read(processor, vocabulary);
                    if (template != Template.EMPTY && next != Template.EMPTY) {
                        throw processor.wrong("at most one TemplateProcessing");
                    }
                    template = next == Template.EMPTY ? template : next;
                }
                yield template;
            }
            default -> throw type.wrong("TemplateProcessing, ByteLevel or Sequence as post-processor");
        };
    }

    private static Template template(JsonPlace place, Vocabulary vocabulary) {
        IdList before = new IdList();
        IdList after = new IdList();
        List<JsonPlace> single = place.get("single").elements();
        boolean textSeen = false;
        for (JsonPlace part : single) {
            JsonPlace token = part.get("SpecialToken");
            if (!token.isAbsent()) {
                addToken(token.get("id"), place.get("special_tokens"), vocabulary, textSeen ? after : before);
                continue;
            }
            JsonPlace sequence = part.get("Sequence").get("id");
            if (textSeen || !sequence.text().equals("A")) {
                throw sequence.wrong("sequence A, once");
            }
            textSeen = true;
        }
        if (!textSeen) {
            throw place.get("single").problem().expected("sequence A, once").found("no sequence").problem();
        }
        return new Template(before.toArray(), after.toArray());
    }

    private static void addToken(JsonPlace name, JsonPlace tokens, Vocabulary vocabulary, IdList ids) {
        JsonPlace list = tokens.get(name.text()).get("ids");
        for (JsonPlace element : list.elements()) {
            int id = element.count();
            if (!vocabulary.has(id)) {
                throw element.wrong("an id of the vocabulary");
            }
            ids.add(id);
        }
    }
}
