package org.ternlm.model;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.huggingface.ModelFolder;
import org.ternlm.format.safetensors.SafetensorsFile;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.quant.AbsMean;
import org.ternlm.quant.Packings;
import org.ternlm.quant.SignMean;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// Turns a folder of master weights (as training leaves it) into a packed one: four weights a byte and one scale a
/// matrix, in the layout of the published 2B4T checkpoint (`bitnet`, `autobitlinear`, `offline`). ±1 weights fit into
/// the ternary codes exactly. Everything else is copied as it is.
///
/// Ends by reading back what was written and comparing every weight.
public final class PackedExport {
    private static final List<String> TOKENIZER_FILES = List.of("tokenizer.json", "tokenizer.model",
            "added_tokens.json", "tokenizer_config.json",
            "generation_config.json", "chat_template.jinja", "special_tokens_map.json");

    private PackedExport() {}

    /// Packs the model in `source` into the folder `target`, which is created if need be.
    ///
    /// @throws ModelFormatException if `source` holds no master weights or is damaged
    /// @throws IOException if `target` cannot be written
    public static void write(Path source, Path target) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            ModelFolder folder = ModelFolder.open(source, arena);
            ModelConfig config = ConfigReader.read(folder.config(), folder.configPath());
            if (config.linearKind() != LinearKind.MASTER_TERNARY && config.linearKind() != LinearKind.MASTER_SIGN) {
                throw ModelFormatException.in(folder.configPath()).at("quantization_config")
                        .expected("master weights of a ternary or ±1 model").found(config.linearKind()).problem();
            }
            Files.createDirectories(target);
            List<Tensor> tensors = new ArrayList<>();
            for (Tensor tensor : folder.tensors().values()) {
                if (isLinear(tensor.name(), config)) {
                    pack(tensor, config.linearKind(), folder.path(), arena, tensors);
                } else {
                    tensors.add(new Tensor(published(tensor.name()), tensor.type(), tensor.shape(), tensor.data()));
                }
            }
            Path file = target.resolve("model.safetensors");
            SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
            check(tensors, file, arena);
            writeConfig(config.withLinearKind(LinearKind.PACKED_MULTIPLY), target);
            for (String name : TOKENIZER_FILES) {
                if (Files.exists(source.resolve(name))) {
                    AtomicFile.write(target.resolve(name),
                            aside -> Files.write(aside, Files.readAllBytes(source.resolve(name))));
                }
            }
        }
    }

    /// Writes `config.json` into `folder`.
    public static void writeConfig(ModelConfig config, Path folder) throws IOException {
        JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        AtomicFile.write(folder.resolve("config.json"),
                aside -> Files.writeString(aside, json.writeValueAsString(ConfigWriter.json(config)) + "\n"));
    }

    /// The name in the published layout: 1bitLLM's sub-norms have others.
    private static String published(String name) {
        return name.replace("." + WeightNames.ONE_BIT_LLM.attentionSubNorm() + ".",
                "." + WeightNames.HUGGING_FACE.attentionSubNorm() + ".")
                .replace("." + WeightNames.ONE_BIT_LLM.feedForwardSubNorm() + ".",
                        "." + WeightNames.HUGGING_FACE.feedForwardSubNorm() + ".");
    }

    private static boolean isLinear(String name, ModelConfig config) {
        return name.startsWith("model.layers.") && name.endsWith("_proj.weight")
                && config.unconverted().stream().noneMatch(module -> name.contains("." + module + "."));
    }

    private static void pack(Tensor tensor, LinearKind kind, Path file, Arena arena, List<Tensor> target) {
        int rows = Math.toIntExact(tensor.shape().dimension(0));
        int columns = Math.toIntExact(tensor.shape().dimension(1));
        TernaryMatrix matrix;
        try {
            matrix = kind == LinearKind.MASTER_SIGN
                    ? SignMean.binarize(tensor.floats(), rows, columns)
                    : AbsMean.ternarize(tensor.floats(), rows, columns);
        } catch (IllegalArgumentException e) {
            throw ModelFormatException.in(file).at(tensor.name()).expected("finite weights").found(e.getMessage())
                    .cause(e).problem();
        }
        MemorySegment codes = arena.allocate(Packings.HUGGING_FACE_U8.byteSize(rows, columns));
        Packings.HUGGING_FACE_U8.encode(matrix, codes);
        target.add(new Tensor(tensor.name(), DType.U8, new Shape(Math.ceilDiv(rows, 4), columns), codes));
        MemorySegment scale = arena.allocate(ValueLayout.JAVA_FLOAT);
        scale.set(ValueLayout.JAVA_FLOAT, 0, matrix.weightScale(0));
        target.add(new Tensor(tensor.name() + "_scale", DType.F32, new Shape(1), scale));
    }

    private static void check(List<Tensor> expected, Path file, Arena arena) {
        Map<String, Tensor> found = SafetensorsFile.open(file, arena).tensors();
        for (Tensor tensor : expected) {
            Tensor written = found.get(tensor.name());
            if (written == null || written.data().mismatch(tensor.data()) >= 0) {
                throw ModelFormatException.in(file).at(tensor.name()).expected("the bytes that were written")
                        .found(written == null ? "no such tensor" : "others").hint("the disk may be failing").problem();
            }
        }
    }
}
