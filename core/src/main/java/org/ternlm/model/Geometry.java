package org.ternlm.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The shape of a published model, without its weights. The resource `geometries.json` lists them with their sources.
///
/// @param name what people call it: `700M`, `2b4t`
/// @param hiddenSize width of the residual stream
/// @param feedForwardSize width inside the feed-forward network
/// @param layers how many
/// @param heads query heads
/// @param keyValueHeads heads of keys and values
/// @param vocabularySize tokens
/// @param tiedHead whether the head is the embedding
/// @param activation of the feed-forward network
/// @param source where the shape comes from
public record Geometry(String name, int hiddenSize, int feedForwardSize, int layers, int heads, int keyValueHeads,
        int vocabularySize, boolean tiedHead, Activation activation, String source) {
    private static final int USUAL_VOCABULARY = 32_000;
    private static final float EPSILON = 1e-5f;
    private static final double ROPE_THETA = 10_000;

    /// All of them, by size.
    public static List<Geometry> all() {
        try (InputStream in = Objects.requireNonNull(Geometry.class.getResourceAsStream("geometries.json"))) {
            List<Geometry> all = new ArrayList<>();
            for (JsonNode node : new JsonMapper().readTree(in).path("geometries")) {
                all.add(of(node));
            }
            return List.copyOf(all);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// The one of that name, in capitals or not.
    public static Optional<Geometry> named(String name) {
        return all().stream().filter(one -> one.name.equalsIgnoreCase(name)).findFirst();
    }

    private static Geometry of(JsonNode node) {
        String activation = node.path("activation").asText("silu");
        return new Geometry(node.path("name").asText(), node.path("hidden").asInt(), node.path("ffn").asInt(),
                node.path("layers").asInt(), node.path("heads").asInt(), node.path("kv_heads").asInt(),
                node.path("vocab").asInt(USUAL_VOCABULARY), node.path("tied").asBoolean(),
                Activation.named(activation).orElseThrow(), node.path("source").asText());
    }

    /// A model of this shape. Ternary ones have sub-norms, as BitNet has, dense ones have none, as LLaMA.
    ///
    /// @param linearKind what its linear layers are made of
    public ModelConfig config(LinearKind linearKind, int contextLength) {
        return new ModelConfig(name, vocabularySize, hiddenSize, feedForwardSize, layers, heads, keyValueHeads,
                hiddenSize / heads, contextLength, EPSILON, activation, ROPE_THETA, new RopeScaling.None(), tiedHead,
                linearKind.isTernary(), false, false, linearKind, Set.of(), -1, Set.of());
    }
}
