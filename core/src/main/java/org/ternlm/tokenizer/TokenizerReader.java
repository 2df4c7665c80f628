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
    // The names in model.vocab are the vocabulary: interning a hundred thousand of them would take most of the time.
    private static final JsonMapper JSON = JsonMapper
            .builder(JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY).build();

    private TokenizerReader() {}

    static Tokenizer read(Path folder) throws IOException {
        Path file = folder.resolve(TOKENIZER);
        if (!Files.isRegularFile(file)) {
            if (Files.isRegularFile(folder.resolve(SentencePieceReader.NAME))) {
                return SentencePieceReader.read(folder);
            }
            throw ModelFormatException.in(file).expected("a tokenizer").found("no such file")
                    .hint("there is no " + SentencePieceReader.NAME + " either").problem();
        }
        TokenizerFile content = parse(file);
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

        TokenizerConfiguration configuration = TokenizerConfiguration.read(folder);
        OptionalInt bosId = configuration.token("bos_token", vocabulary);
        OptionalInt eosId = configuration.token("eos_token", vocabulary);
        return new Tokenizer(addedTokens, preTokenizers, model, configuration.overrule(template, bosId, eosId),
                decodeSteps, bosId, eosId);
    }

    private static TokenizerFile parse(Path file) throws IOException {
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw ModelFormatException.in(file).expected("at most " + LARGEST_FILE + " bytes").found(size).problem();
        }
        try {
            return TokenizerFile.read(file, Files.readAllBytes(file), JSON);
        } catch (JsonProcessingException e) {
            throw ModelFormatException.in(file).expected("JSON").found(JsonFile.describe(e)).cause(e).problem();
        }
    }
}
