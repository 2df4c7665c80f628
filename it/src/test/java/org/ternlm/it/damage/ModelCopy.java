package org.ternlm.it.damage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A copy of a model folder, to be changed.
record ModelCopy(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LENGTH_BYTES = 8;

    static ModelCopy of(Path source, Path target) throws IOException {
        Files.createDirectories(target);
        for (String name : List.of(Damage.CONFIG, Damage.WEIGHTS, Damage.TOKENIZER, "tokenizer_config.json")) {
            Files.copy(source.resolve(name), target.resolve(name));
        }
        return new ModelCopy(target);
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    void delete(String name) throws IOException {
        Files.delete(file(name));
    }

    void write(String name, String text) throws IOException {
        Files.writeString(file(name), text.replace('\'', '"'));
    }

    /// Puts a folder in the file's place.
    void makeFolder(String name) throws IOException {
        delete(name);
        Files.createDirectory(file(name));
    }

    /// Keeps the first `length` bytes; a negative number counts from the end.
    void cut(String name, int length) throws IOException {
        byte[] bytes = Files.readAllBytes(file(name));
        Files.write(file(name), Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length));
    }

    void append(String name, byte... more) throws IOException {
        byte[] bytes = Files.readAllBytes(file(name));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, longer, bytes.length, more.length);
        Files.write(file(name), longer);
    }

    /// Changes a file's text, with ' for " in both; the text must be there.
    void replace(String name, String text, String replacement) throws IOException {
        String before = Files.readString(file(name));
        String after = before.replace(text.replace('\'', '"'), replacement.replace('\'', '"'));
        if (after.equals(before)) {
            throw new IllegalStateException(name + " does not hold " + text);
        }
        Files.writeString(file(name), after);
    }

    void json(String name, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(file(name).toFile());
        change.accept(json);
        JSON.writeValue(file(name).toFile(), json);
    }

    /// Sets a member of `config.json` to a JSON value, with ' for ".
    void config(String key, String value) throws IOException {
        JsonNode node = JSON.readTree(value.replace('\'', '"'));
        json(Damage.CONFIG, config -> config.set(key, node));
    }

    /// Writes another header length, and nothing else.
    void headerLength(long length) throws IOException {
        byte[] bytes = Files.readAllBytes(file(Damage.WEIGHTS));
        buffer(bytes).putLong(0, length);
        Files.write(file(Damage.WEIGHTS), bytes);
    }

    /// Changes the header's text before the same data; the length is made right.
    void headerText(UnaryOperator<String> change) throws IOException {
        byte[] bytes = Files.readAllBytes(file(Damage.WEIGHTS));
        int data = dataStart(bytes);
        String header = new String(bytes, LENGTH_BYTES, data - LENGTH_BYTES, StandardCharsets.UTF_8);
        byte[] changed = change.apply(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(LENGTH_BYTES + changed.length + bytes.length - data)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(changed.length).put(changed).put(bytes, data, bytes.length - data);
        Files.write(file(Damage.WEIGHTS), file.array());
    }

    void header(Consumer<ObjectNode> change) throws IOException {
        headerText(text -> {
            try {
                ObjectNode header = (ObjectNode) JSON.readTree(text);
                change.accept(header);
                return JSON.writeValueAsString(header);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /// Sets a member of one tensor's entry in the header to a JSON value, with ' for ".
    void entry(String tensor, String key, String value) throws IOException {
        JsonNode node = JSON.readTree(value.replace('\'', '"'));
        header(header -> ((ObjectNode) header.get(tensor)).set(key, node));
    }

    /// Changes the bytes of one tensor.
    void data(String tensor, Consumer<ByteBuffer> change) throws IOException {
        byte[] bytes = Files.readAllBytes(file(Damage.WEIGHTS));
        int data = dataStart(bytes);
        JsonNode offsets = JSON.readTree(bytes, LENGTH_BYTES, data - LENGTH_BYTES).get(tensor).get("data_offsets");
        int begin = data + offsets.get(0).asInt();
        change.accept(buffer(bytes).slice(begin, data + offsets.get(1).asInt() - begin)
                .order(ByteOrder.LITTLE_ENDIAN));
        Files.write(file(Damage.WEIGHTS), bytes);
    }

    /// Makes a folder of shards of one: the weights in `one.safetensors`, and an index that `change` may change.
    void shard(Consumer<ObjectNode> change) throws IOException {
        byte[] bytes = Files.readAllBytes(file(Damage.WEIGHTS));
        Files.move(file(Damage.WEIGHTS), file("one.safetensors"));
        ObjectNode index = JSON.createObjectNode();
        ObjectNode map = index.putObject("weight_map");
        JSON.readTree(bytes, LENGTH_BYTES, dataStart(bytes) - LENGTH_BYTES).fieldNames().forEachRemaining(name -> {
            if (!name.startsWith("__")) {
                map.put(name, "one.safetensors");
            }
        });
        change.accept(index);
        JSON.writeValue(file("model.safetensors.index.json").toFile(), index);
    }

    private static int dataStart(byte[] bytes) {
        return Math.toIntExact(LENGTH_BYTES + buffer(bytes).getLong(0));
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
