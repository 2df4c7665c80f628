package org.ternlm.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;

/// Text to token ids and back, as the `tokenizer.json` or `tokenizer.model` and the `tokenizer_config.json` of a Hugging
/// Face folder say, or the metadata of a GGUF file.
///
/// ```
/// Tokenizer tokenizer = Tokenizer.load(folder);
/// int[] ids = tokenizer.encode("Once upon a time", true);
/// String text = tokenizer.decode(ids, true);
/// ```
///
/// An unpaired surrogate in a text counts as U+FFFD. Immutable and safe to share between threads.
public final class Tokenizer {
    private final Vocabulary vocabulary;
    private final AddedTokens addedTokens;
    private final List<PreTokenizer> preTokenizers;
    private final BytePairModel model;
    private final Template template;
    private final List<DecodeStep> decodeSteps;
    private final OptionalInt bosId;
    private final OptionalInt eosId;

    Tokenizer(AddedTokens addedTokens, List<PreTokenizer> preTokenizers, BytePairModel model, Template template,
            List<DecodeStep> decodeSteps, OptionalInt bosId, OptionalInt eosId) {
        this.vocabulary = model.vocabulary();
        this.addedTokens = addedTokens;
        this.preTokenizers = List.copyOf(preTokenizers);
        this.model = model;
        this.template = template;
        this.decodeSteps = List.copyOf(decodeSteps);
        this.bosId = bosId;
        this.eosId = eosId;
    }

    /// Reads the tokenizer of a GGUF file, or `tokenizer.json` (without one, SentencePiece's `tokenizer.model`) and, if
    /// there is one, `tokenizer_config.json` in a folder.
    ///
    /// Of the configuration, `bos_token` and `eos_token` name the tokens, and `add_bos_token` and `add_eos_token`, where
    /// they are true or false, overrule what the post-processor puts around a text.
    ///
    /// @throws ModelFormatException if a file is missing or damaged, or asks for what is not supported
    /// @throws IOException if a file cannot be read
    public static Tokenizer load(Path path) throws IOException {
        return GgufFile.isNamed(path) ? GgufTokenizerReader.read(path) : TokenizerReader.read(path);
    }

    /// The ids of `text`. The spelling of a special token inside the text becomes that token: not for text from users,
    /// see [#encode(String, boolean, SpecialText)].
    ///
    /// @param addSpecialTokens whether the tokens that the tokenizer's files put around a text (often BOS) are added
    public int[] encode(String text, boolean addSpecialTokens) {
        return encode(text, addSpecialTokens, SpecialText.AS_TOKENS);
    }

    /// The ids of `text`.
    ///
    /// @param addSpecialTokens whether the tokens that the tokenizer's files put around a text (often BOS) are added
    /// @param specialText what becomes of the spelling of a special token inside the text
    public int[] encode(String text, boolean addSpecialTokens, SpecialText specialText) {
        return encode(addSpecialTokens, specialText, parts -> addedTokens.cut(wellFormed(text), specialText, parts));
    }

    /// The ids of a text that a program wrote around texts of others, such as a conversation: the spelling of a special
    /// token becomes that token only where all of it is the program's own.
    ///
    /// @param addSpecialTokens whether the tokens that the tokenizer's files put around a text (often BOS) are added
    /// @param foreign bit i is set where character i of the text is not the program's own
    public int[] encode(String text, boolean addSpecialTokens, BitSet foreign) {
        return encode(addSpecialTokens, SpecialText.AS_TEXT,
                parts -> addedTokens.cut(wellFormed(text), foreign, parts));
    }

    private int[] encode(boolean addSpecialTokens, SpecialText specialText, Consumer<AddedTokens.Parts> cut) {
        IdList ids = new IdList();
        if (addSpecialTokens) {
            ids.addAll(template.before());
        }
        BytePairModel.Run run = model.start(specialText, ids);
        cut.accept(new AddedTokens.Parts() {
            @Override
            public void text(String part, boolean fromStart) {
                PreTokenizer.run(preTokenizers, part, fromStart, (piece, _) -> run.encode(piece));
            }

            @Override
            public void token(int id) {
                ids.add(id);
            }
        });
        if (addSpecialTokens) {
            ids.addAll(template.after());
        }
        return ids.toArray();
    }

    /// The text of `ids`. Bytes that are no UTF-8 become U+FFFD; an id without a piece stands for nothing.
    ///
    /// @param skipSpecialTokens whether special tokens are left out
    public String decode(int[] ids, boolean skipSpecialTokens) {
        StreamDecoder decoder = streamDecoder(skipSpecialTokens);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.accept(id));
        }
        return text.append(decoder.finish()).toString();
    }

    /// A decoder for one text whose ids come one at a time.
    public StreamDecoder streamDecoder(boolean skipSpecialTokens) {
        return new StreamDecoder(this, decodeSteps, skipSpecialTokens);
    }

    /// The vocabulary's own spelling of a token, such as `Ġtime` or `<0x0A>`; empty for an id without a piece.
    ///
    /// @throws IndexOutOfBoundsException if `id` is not 0 to [#vocabularySize()] - 1
    public String piece(int id) {
        String piece = vocabulary.pieces()[id];
        return piece == null ? "" : piece;
    }

    /// The bytes that a token stands for in the middle of a text; they need not be whole characters. Empty for an id
    /// without a piece. The caller owns the array.
    ///
    /// @throws IndexOutOfBoundsException if `id` is not 0 to [#vocabularySize()] - 1
    public byte[] bytes(int id) {
        return DecodeStep.bytes(decodeSteps, piece(id));
    }

    /// The id of the token that the vocabulary spells `piece`.
    public OptionalInt id(String piece) {
        return vocabulary.id(piece);
    }

    /// One more than the highest id, added tokens included. A model's head may be larger.
    public int vocabularySize() {
        return vocabulary.size();
    }

    /// Whether `id` is a special token: part of a protocol, such as BOS, not of a text. False for an id outside
    /// the vocabulary.
    public boolean isSpecial(int id) {
        return vocabulary.isSpecial(id);
    }

    /// The token that starts a text (`bos_token`).
    public OptionalInt bosId() {
        return bosId;
    }

    /// The token that ends a text (`eos_token`).
    public OptionalInt eosId() {
        return eosId;
    }

    /// Whether [#encode] with special tokens puts BOS before a text.
    public boolean addsBos() {
        return bosId.isPresent() && template.before().length > 0 && template.before()[0] == bosId.getAsInt();
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    AddedTokens addedTokens() {
        return addedTokens;
    }

    List<PreTokenizer> preTokenizers() {
        return preTokenizers;
    }

    BytePairModel model() {
        return model;
    }

    Template template() {
        return template;
    }

    List<DecodeStep> decodeSteps() {
        return decodeSteps;
    }

    /// `text` with U+FFFD for each unpaired surrogate.
    static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i)) && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                repaired = repaired == null ? new StringBuilder(text) : repaired;
                repaired.setCharAt(i, Utf8Stream.REPLACEMENT);
            }
        }
        return repaired == null ? text : repaired.toString();
    }
}
