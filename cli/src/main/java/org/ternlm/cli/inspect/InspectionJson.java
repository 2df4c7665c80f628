package org.ternlm.cli.inspect;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.ternlm.cli.output.JsonText;
import org.ternlm.model.LinearRole;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.MultiplyAccumulates;
import org.ternlm.model.StoredTensor;
import org.ternlm.model.TensorPlace;
import org.ternlm.quant.TritCounts;

/// An [Inspection] for a program.
record InspectionJson(Inspection inspection) {

    String text() throws IOException {
        return JsonText.object(json -> {
            json.writeStringField("path", inspection.path().toString());
            config(json);
            json.writeStringField("tokenizer", inspection.tokenizer());
            weights(json);
            work(json);
            trits(json);
            memory(json);
            tensors(json);
        });
    }

    private void config(JsonGenerator json) throws IOException {
        ModelConfig config = inspection.config();
        json.writeStringField("architecture", config.architecture());
        json.writeNumberField("layers", config.layers());
        json.writeNumberField("hidden_size", config.hiddenSize());
        json.writeNumberField("feed_forward_size", config.feedForwardSize());
        json.writeNumberField("heads", config.heads());
        json.writeNumberField("key_value_heads", config.keyValueHeads());
        json.writeNumberField("head_size", config.headSize());
        json.writeNumberField("context_length", config.contextLength());
        json.writeNumberField("vocabulary_size", config.vocabularySize());
        json.writeStringField("activation", config.activation().configName());
        json.writeBooleanField("sub_norms", config.subNorms());
        json.writeBooleanField("head_norms", config.headNorms());
        json.writeBooleanField("input_norms", config.inputNorms());
        json.writeBooleanField("tied_head", config.tiedHead());
        json.writeNumberField("rope_theta", config.ropeTheta());
        json.writeStringField("linear_kind", lower(config.linearKind()));
    }

    private void weights(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("weights");
        for (TensorPlace place : TensorPlace.values()) {
            json.writeObjectFieldStart(lower(place));
            json.writeNumberField("number", inspection.weights(place));
            json.writeNumberField("bytes", inspection.bytes(place));
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void work(JsonGenerator json) throws IOException {
        MultiplyAccumulates work = inspection.work();
        json.writeObjectFieldStart("multiply_accumulates");
        json.writeNumberField("positions", inspection.positions());
        json.writeNumberField("linear", work.linear());
        json.writeNumberField("attention", work.attention());
        json.writeNumberField("head", work.head());
        json.writeEndObject();
    }

    private void trits(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("trits");
        counts(json, "all", inspection.trits());
        json.writeArrayFieldStart("layers");
        for (LayerTrits layer : inspection.layers()) {
            json.writeStartObject();
            counts(json, "all", layer.sum());
            for (LinearRole role : layer.counts().keySet()) {
                counts(json, lower(role), layer.counts().getOrDefault(role, TritCounts.NONE));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void counts(JsonGenerator json, String name, TritCounts counts) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("minus", counts.minus());
        json.writeNumberField("zero", counts.zero());
        json.writeNumberField("plus", counts.plus());
        json.writeNumberField("entropy_bits", counts.entropy());
        json.writeEndObject();
    }

    private void memory(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("memory");
        json.writeNumberField("weight_bytes", inspection.runBytes());
        json.writeNumberField("key_value_bytes", inspection.cacheBytes());
        json.writeStringField("key_value_form", inspection.form().name());
        json.writeStringField("ternary_layout", inspection.layout());
        json.writeStringField("head", inspection.head());
        json.writeStringField("kernels", inspection.selection().provider());
        json.writeNumberField("vector_bits", inspection.selection().vectorBits());
        json.writeEndObject();
    }

    private void tensors(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("tensors");
        for (StoredTensor tensor : inspection.tensors()) {
            json.writeStartObject();
            json.writeStringField("name", tensor.name());
            json.writeStringField("type", tensor.type());
            json.writeFieldName("shape");
            long[] dimensions = tensor.shape().dimensions();
            json.writeArray(dimensions, 0, dimensions.length);
            json.writeNumberField("bytes", tensor.byteSize());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
