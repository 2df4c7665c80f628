package org.ternlm.tokenizer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;

/// The `tokenizer_config.json` of a Hugging Face folder: which tokens start and end a text, and whether they are put
/// there. A folder without one says nothing.
///
/// @param root the file, an object
record TokenizerConfiguration(JsonPlace root) {
    private static final String NAME = "tokenizer_config.json";
    private static final long LARGEST_FILE = 1L << 26;

    /// @throws ModelFormatException if it is no JSON object
    static TokenizerConfiguration read(Path folder) {
        Path file = folder.resolve(NAME);
        return new TokenizerConfiguration(new JsonPlace(file, null, "the whole file", Files.isRegularFile(file)
                ? JsonFile.read(file, LARGEST_FILE)
                : JsonNodeFactory.instance.objectNode()));
    }

    JsonPlace get(String name) {
        return root.get(name);
    }

    /// A token that is named: null, its spelling, or an object that holds its spelling as `content`.
    ///
    /// @throws ModelFormatException if it is no piece of the vocabulary
    OptionalInt token(String name, Vocabulary vocabulary) {
        JsonPlace place = get(name);
        if (place.isAbsent()) {
            return OptionalInt.empty();
        }
        JsonPlace spelling = place.node().isObject() ? place.get("content") : place;
        OptionalInt id = vocabulary.id(spelling.text());
        if (id.isEmpty()) {
            throw spelling.wrong("a piece of the vocabulary");
        }
        return id;
    }

    /// `template` with or without BOS and EOS, where `add_bos_token` and `add_eos_token` say so.
    ///
    /// @throws ModelFormatException if a token is to be added that there is not
    Template overrule(Template template, OptionalInt bosId, OptionalInt eosId) {
        Template result = template;
        JsonPlace addBos = get("add_bos_token");
        if (!addBos.isAbsent() && isNamed(addBos, bosId, "bos_token")) {
            result = result.withFirst(bosId.getAsInt(), addBos.flag(false));
        }
        JsonPlace addEos = get("add_eos_token");
        if (!addEos.isAbsent() && isNamed(addEos, eosId, "eos_token")) {
            result = result.withLast(eosId.getAsInt(), addEos.flag(false));
        }
        return result;
    }

    private static boolean isNamed(JsonPlace add, OptionalInt id, String token) {
        if (id.isEmpty() && add.flag(false)) {
            throw add.problem().expected(token + ", to be added").found("none").problem();
        }
        return id.isPresent();
    }

    /// The tokens of `added_tokens_decoder`, by id; none where there is no such member.
    ///
    /// @throws ModelFormatException if a key is no id, or a value no token
    Map<Integer, AddedToken> addedTokens() {
        Map<Integer, AddedToken> tokens = new TreeMap<>();
        JsonPlace members = get("added_tokens_decoder");
        if (!members.isAbsent()) {
            for (JsonPlace member : members.members()) {
                int id = id(member);
                if (tokens.put(id, token(id, member)) != null) {
                    throw member.problem().expected("each id once").found("it again").problem();
                }
            }
        }
        return tokens;
    }

    private static int id(JsonPlace member) {
        try {
            int id = Integer.parseInt(member.key());
            if (id >= 0 && id < Integer.MAX_VALUE) {
                return id;
            }
        } catch (NumberFormatException e) {
            throw member.problem().expected("an id").found(member.key()).cause(e).problem();
        }
        throw member.problem().expected("an id").found(member.key()).problem();
    }

    private static AddedToken token(int id, JsonPlace place) {
        return new AddedToken(id, VocabularyReader.spelling(place.get("content")), place.get("single_word").flag(false),
                place.get("lstrip").flag(false), place.get("rstrip").flag(false), false,
                place.get("special").flag(false));
    }
}
