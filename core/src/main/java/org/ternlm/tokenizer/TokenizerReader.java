package org.ternlm.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;

/// Reads the tokenizer of a Hugging Face folder. `truncation` and `padding` are not applied: they belong to batches of
/// training data, and a text is never cut here without being asked.
final class TokenizerReader {
    private static final String TOKENIZER = "tokenizer.json";
    /// Thirty times what the largest vocabulary in use takes.
    private static final long LARGEST_FILE = 1L << 30;
    private static final String CONFIGURATION = "tokenizer_config.json";
    // The names in model.vocab are the vocabulary: interning a hundred thousand of them would take most of the time.
    private static final JsonMapper JSON = JsonMapper
            .builder(JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY).build();

    private TokenizerReader() {}

    static Tokenizer read(Path folder) throws IOException {
        Path file = folder.resolve(TOKENIZER);
        if (!Files.isRegularFile(file)) {
            throw ModelFormatException.in(file).expected("a tokenizer").found("no such file")
                    .hint("tokenizer.model alone is not enough; transformers can save a tokenizer.json from it")
                    .problem();
        }
        TokenizerFile content = parse(file, bytes -> TokenizerFile.read(file, bytes, JSON));
        JsonPlace root = content.root();
        ModelReader.requireSupported(content);
        Normalizer normalizer = NormalizerReader.read(root.get("normalizer"));
        List<PreTokenizer> preTokenizers = PreTokenizerReader.read(root.get("pre_tokenizer"));
        List<DecodeStep> decodeSteps = DecoderReader.read(root.get("decoder"));
        VocabularyReader vocabularyReader = new VocabularyReader(content);
        Vocabulary vocabulary = vocabularyReader.vocabulary();
        boolean byteLevel = preTokenizers.stream().anyMatch(PreTokenizer.SpellBytes.class::isInstance);
        BytePairModel model = new ModelReader(content, vocabulary).read(byteLevel);
        Template template = TemplateReader.read(root.get("post_processor"), vocabulary);
        AddedTokens addedTokens = new AddedTokens(vocabularyReader.addedTokens(), normalizer);

        Path configurationFile = folder.resolve(CONFIGURATION);
        if (!Files.isRegularFile(configurationFile)) {
            return new Tokenizer(addedTokens, preTokenizers, model, template, decodeSteps, OptionalInt.empty(),
                    OptionalInt.empty());
        }
        JsonPlace configuration = parse(configurationFile, bytes -> configuration(configurationFile, bytes));
        OptionalInt bosId = token(configuration.get("bos_token"), vocabulary);
        OptionalInt eosId = token(configuration.get("eos_token"), vocabulary);
        return new Tokenizer(addedTokens, preTokenizers, model, overrule(template, configuration, bosId, eosId),
                decodeSteps, bosId, eosId);
    }

    private static JsonPlace configuration(Path file, byte[] content) throws IOException {
        JsonPlace configuration = new JsonPlace(file, null, "the whole file",
                JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(content));
        if (!configuration.node().isObject()) {
            throw configuration.wrong("a JSON object");
        }
        return configuration;
    }

    private interface Parser<T> {
        T parse(byte[] content) throws IOException;
    }

    private static <T> T parse(Path file, Parser<T> parser) throws IOException {
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw ModelFormatException.in(file).expected("at most " + LARGEST_FILE + " bytes").found(size).problem();
        }
        try {
            return parser.parse(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw ModelFormatException.in(file).expected("JSON").found(JsonFile.describe(e)).cause(e).problem();
        }
    }

    /// A token of the configuration: null, its spelling, or an object that holds its spelling as `content`.
    private static OptionalInt token(JsonPlace place, Vocabulary vocabulary) {
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

    private static Template overrule(Template template, JsonPlace configuration, OptionalInt bosId,
            OptionalInt eosId) {
        Template result = template;
        JsonPlace addBos = configuration.get("add_bos_token");
        if (!addBos.isAbsent() && isNamed(addBos, bosId, "bos_token")) {
            result = result.withFirst(bosId.getAsInt(), addBos.flag(false));
        }
        JsonPlace addEos = configuration.get("add_eos_token");
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
}
