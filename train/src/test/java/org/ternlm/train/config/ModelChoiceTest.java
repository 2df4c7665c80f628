package org.ternlm.train.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// Models that Tern runs and cannot train are refused before anything begins.
class ModelChoiceTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {"'qwen3' ~ null ~ found norms of q and k",
            "'llama' ~ {'quant_method': 'bitnet', 'quantization_mode': 'online', 'use_rms_norm': true} ~ found norms inside",
            "'llama', 'attention_bias': true ~ null ~ found biases"})
    void whatCannotBeTrainedIsRefused(String type, String quantization, String message) throws IOException {
        Files.writeString(folder.resolve("config.json"),
                """
                        {'model_type': %s, 'vocab_size': 300, 'hidden_size': 32, 'intermediate_size': 64, 'num_hidden_layers': 1,
                         'num_attention_heads': 4, 'hidden_act': 'silu', 'max_position_embeddings': 32, 'rms_norm_eps': 1e-5,
                         'quantization_config': %s}"""
                        .formatted(type, quantization).replace('\'', '"'));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), List.of(new Tensor("any", DType.F32, new Shape(1),
                MemorySegment.ofArray(new byte[4]))), Map.of());
        Section section = new Section(folder, "model", MissingNode.getInstance());
        assertThatThrownBy(() -> ModelChoice.read(section, new Start(folder, 0, false)))
                .isInstanceOf(ModelFormatException.class).hasMessageContainingAll(message, "cannot be trained yet")
                .message().doesNotContain("\n");
    }
}
