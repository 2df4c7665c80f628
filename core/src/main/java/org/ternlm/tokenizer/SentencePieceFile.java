package org.ternlm.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ternlm.format.ModelFormatException;

/// A `tokenizer.model` of SentencePiece, as far as byte pair encoding needs it: its pieces, and how white space is
/// treated. What would change the ids of a text and is not supported is refused: models of other types, texts rewritten
/// by a table, white space behind words.
///
/// ```
/// ModelProto: 1 pieces (each: 1 piece, 2 score, 3 type) · 2 trainer_spec · 3 normalizer_spec · 5 denormalizer_spec
/// ```
///
/// Source: SentencePiece, `src/sentencepiece_model.proto`.
final class SentencePieceFile implements TypedPieces.Places {
    /// Fifteen times what the largest vocabulary in use takes.
    private static final long LARGEST_FILE = 1L << 26;
    private static final int BYTE_PAIR_ENCODING = 2;
    private static final List<String> MODEL_TYPES = List.of("type 0", "Unigram", "BPE", "Word", "Char");

    private final Path path;
    private final List<String> pieces = new ArrayList<>();
    private float[] scores = new float[512];
    private int[] types = new int[512];
    // What holds where the file says nothing stands in the proto.
    private int modelType = 1;
    private boolean byteFallback;
    private int unknownId;
    private int bosId = 1;
    private int eosId = 2;
    private boolean addsSpace = true;
    private boolean collapsesSpaces = true;

    private SentencePieceFile(Path path) {
        this.path = path;
    }

    /// @throws ModelFormatException if it is damaged, or asks for what is not supported
    /// @throws IOException if it cannot be read
    static SentencePieceFile read(Path path) throws IOException {
        long size = Files.size(path);
        if (size > LARGEST_FILE) {
            throw ModelFormatException.in(path).expected("at most " + LARGEST_FILE + " bytes").found(size).problem();
        }
        SentencePieceFile file = new SentencePieceFile(path);
        file.readModel(new WireReader(path, Files.readAllBytes(path)));
        file.check();
        return file;
    }

    private void readModel(WireReader model) {
        while (model.next()) {
            switch (model.field()) {
                case 1 -> readPiece(model.message("pieces." + pieces.size()));
                case 2 -> readTraining(model.message("trainer_spec"));
                case 3 -> readNormalization(model.message("normalizer_spec"));
                case 5 -> readDenormalization(model.message("denormalizer_spec"));
                default -> model.skip();
            }
        }
    }

    private void readPiece(WireReader message) {
        String piece = "";
        float score = 0;
        int type = TypedPieces.NORMAL;
        while (message.next()) {
            switch (message.field()) {
                case 1 -> piece = message.text("piece");
                case 2 -> score = message.real("score");
                case 3 -> type = message.whole("type");
                default -> message.skip();
            }
        }
        if (piece.isEmpty()) {
            throw message.problem("piece").expected("a text").found("none").problem();
        }
        if (type == TypedPieces.UNUSED) {
            throw message.problem("type").expected("a piece in use").found("UNUSED (not supported)").problem();
        }
        int id = pieces.size();
        if (id == types.length) {
            scores = Arrays.copyOf(scores, 2 * id);
            types = Arrays.copyOf(types, 2 * id);
        }
        pieces.add(piece);
        scores[id] = score;
        types[id] = type;
    }

    private void readTraining(WireReader message) {
        while (message.next()) {
            switch (message.field()) {
                case 3 -> modelType = message.whole("model_type");
                case 24 -> {
                    if (message.flag("treat_whitespace_as_suffix")) {
                        throw message.problem("treat_whitespace_as_suffix").expected("false (not supported)")
                                .found("true").problem();
                    }
                }
                case 35 -> byteFallback = message.flag("byte_fallback");
                case 40 -> unknownId = message.whole("unk_id");
                case 41 -> bosId = message.whole("bos_id");
                case 42 -> eosId = message.whole("eos_id");
                default -> message.skip();
            }
        }
    }

    private void readNormalization(WireReader message) {
        String name = "";
        int tableBytes = 0;
        while (message.next()) {
            switch (message.field()) {
                case 1 -> name = message.text("name");
                case 2 -> tableBytes = message.length("precompiled_charsmap");
                case 3 -> addsSpace = message.flag("add_dummy_prefix");
                case 4 -> collapsesSpaces = message.flag("remove_extra_whitespaces");
                case 5 -> {
                    if (!message.flag("escape_whitespaces")) {
                        throw message.problem("escape_whitespaces").expected("true").found("false (not supported)")
                                .problem();
                    }
                }
                default -> message.skip();
            }
        }
        refuseTable(message, name, tableBytes);
    }

    private static void readDenormalization(WireReader message) {
        int tableBytes = 0;
        while (message.next()) {
            if (message.field() == 2) {
                tableBytes = message.length("precompiled_charsmap");
            } else {
                message.skip();
            }
        }
        refuseTable(message, "", tableBytes);
    }

    private static void refuseTable(WireReader message, String name, int bytes) {
        if (bytes > 0) {
            throw message.problem("precompiled_charsmap").expected("none: texts as they are (identity)")
                    .found("%d bytes%s".formatted(bytes, name.isEmpty() ? "" : " that do " + name))
                    .hint("not supported; transformers can save a tokenizer.json from it").problem();
        }
    }

    private void check() {
        ModelFormatException.Problem problem = ModelFormatException.in(path);
        if (pieces.isEmpty()) {
            throw problem.at("pieces").expected("the pieces of a SentencePiece model").found("none").problem();
        }
        if (modelType != BYTE_PAIR_ENCODING) {
            String found = modelType > 0 && modelType < MODEL_TYPES.size()
                    ? MODEL_TYPES.get(modelType)
                    : "type " + modelType;
            throw problem.at("trainer_spec.model_type").expected("BPE").found(found + " (not supported)").problem();
        }
        if (unknownId < 0 || unknownId >= pieces.size() || types[unknownId] != TypedPieces.UNKNOWN) {
            throw problem.at("trainer_spec.unk_id").expected("a piece of the type UNKNOWN").found(unknownId).problem();
        }
    }

    /// The pieces by id, none of them empty.
    List<String> pieces() {
        return pieces;
    }

    /// Of each piece, as in the file.
    int[] types() {
        return Arrays.copyOf(types, pieces.size());
    }

    /// Of each piece; any float.
    float[] scores() {
        return Arrays.copyOf(scores, pieces.size());
    }

    /// Whether characters that are no piece are spelt with the pieces of type BYTE.
    boolean byteFallback() {
        return byteFallback;
    }

    int unknownId() {
        return unknownId;
    }

    /// Negative for none.
    int bosId() {
        return bosId;
    }

    /// Negative for none.
    int eosId() {
        return eosId;
    }

    /// Whether a text gets a space before it.
    boolean addsSpace() {
        return addsSpace;
    }

    /// Whether spaces at the ends of a text go, and several in a row become one.
    boolean collapsesSpaces() {
        return collapsesSpaces;
    }

    @Override
    public ModelFormatException.Problem piece(int id) {
        return ModelFormatException.in(path).at("pieces." + id + ".piece");
    }

    @Override
    public ModelFormatException.Problem type(int id) {
        return ModelFormatException.in(path).at("pieces." + id + ".type");
    }

    ModelFormatException.Problem score(int id) {
        return ModelFormatException.in(path).at("pieces." + id + ".score");
    }

    ModelFormatException.Problem at(String place) {
        return ModelFormatException.in(path).at(place);
    }
}
