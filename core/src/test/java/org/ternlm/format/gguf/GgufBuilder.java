package org.ternlm.format.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes GGUF files for tests, sound ones and, where the test says so, unsound ones.
public final class GgufBuilder {
    private int magic = 0x46554747;
    private int version = 3;
    private long tensorCount = -1;
    private long entryCount = -1;
    private int alignment = 32;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Tensor> tensors = new ArrayList<>();

    private record Entry(String key, byte[] bytes) {}

    private record Tensor(String name, long[] dimensions, int type, long offset, byte[] data) {}

    public GgufBuilder magic(int value) {
        magic = value;
        return this;
    }

    public GgufBuilder version(int value) {
        version = value;
        return this;
    }

    /// Says that there are `value` tensors, however many there are.
    public GgufBuilder tensorCount(long value) {
        tensorCount = value;
        return this;
    }

    /// Says that there are `value` entries, however many there are.
    public GgufBuilder entryCount(long value) {
        entryCount = value;
        return this;
    }

    /// Aligns tensors, without saying so in the metadata.
    public GgufBuilder alignment(int value) {
        alignment = value;
        return this;
    }

    public GgufBuilder put(String key, String value) {
        return put(key, 8, string(value));
    }

    public GgufBuilder put(String key, int value) {
        return put(key, 4, bytes(4).putInt(value).array());
    }

    public GgufBuilder put(String key, float value) {
        return put(key, 6, bytes(4).putFloat(value).array());
    }

    public GgufBuilder put(String key, boolean value) {
        return put(key, 7, new byte[] {(byte) (value ? 1 : 0)});
    }

    public GgufBuilder put(String key, List<String> values) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.writeBytes(bytes(12).putInt(8).putLong(values.size()).array());
        values.forEach(value -> array.writeBytes(string(value)));
        return put(key, 9, array.toByteArray());
    }

    public GgufBuilder put(String key, int[] values) {
        ByteBuffer array = bytes(12 + 4 * values.length).putInt(5).putLong(values.length);
        for (int value : values) {
            array.putInt(value);
        }
        return put(key, 9, array.array());
    }

    public GgufBuilder put(String key, float[] values) {
        ByteBuffer array = bytes(12 + 4 * values.length).putInt(6).putLong(values.length);
        for (float value : values) {
            array.putFloat(value);
        }
        return put(key, 9, array.array());
    }

    /// An entry of any type, as bytes.
    public GgufBuilder put(String key, int type, byte[] value) {
        byte[] name = string(key);
        entries.add(new Entry(key, bytes(name.length + 4 + value.length).put(name).putInt(type).put(value).array()));
        return this;
    }

    /// A tensor where its turn comes.
    ///
    /// @param dimensions innermost first
    public GgufBuilder tensor(String name, GgufType type, byte[] data, long... dimensions) {
        return tensor(name, type.id(), -1, data, dimensions);
    }

    /// A tensor that is said to be at `offset`; -1 where its turn comes.
    public GgufBuilder tensor(String name, int type, long offset, byte[] data, long... dimensions) {
        tensors.add(new Tensor(name, dimensions, type, offset, data));
        return this;
    }

    public GgufBuilder tensor(String name, float[] values, long... dimensions) {
        return tensor(name, GgufType.F32, floats(values), dimensions);
    }

    /// Puts other data, in another type, in the place of a tensor that is there already.
    public GgufBuilder replace(String name, GgufType type, byte[] data) {
        tensors.replaceAll(tensor -> tensor.name.equals(name)
                ? new Tensor(name, tensor.dimensions, type.id(), -1, data)
                : tensor);
        return this;
    }

    /// Gives a tensor other dimensions, innermost first.
    public GgufBuilder reshape(String name, long... dimensions) {
        tensors.replaceAll(tensor -> tensor.name.equals(name)
                ? new Tensor(name, dimensions, tensor.type, -1, tensor.data)
                : tensor);
        return this;
    }

    /// Adds tensors of one number until there are at least `count`.
    public GgufBuilder padLayers(int count) {
        while (tensors.size() < count) {
            tensor("filling." + tensors.size(), new float[1], 1);
        }
        return this;
    }

    /// Puts an entry in the place of one that is there already.
    public GgufBuilder entry(String key, int value) {
        return withoutEntry(key).put(key, value);
    }

    /// Leaves an entry out.
    public GgufBuilder withoutEntry(String key) {
        entries.removeIf(entry -> entry.key.equals(key));
        return this;
    }

    /// Leaves a tensor out.
    public GgufBuilder without(String name) {
        tensors.removeIf(tensor -> tensor.name.equals(name));
        return this;
    }

    /// `values` as F32.
    public static byte[] floats(float... values) {
        ByteBuffer data = bytes(4 * values.length);
        for (float value : values) {
            data.putFloat(value);
        }
        return data.array();
    }

    /// A string as GGUF has it.
    public static byte[] string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return bytes(8 + utf8.length).putLong(utf8.length).put(utf8).array();
    }

    /// Room for `length` bytes, little-endian.
    public static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    public byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(24).putInt(magic).putInt(version)
                .putLong(tensorCount == -1 ? tensors.size() : tensorCount)
                .putLong(entryCount == -1 ? entries.size() : entryCount).array());
        entries.forEach(entry -> out.writeBytes(entry.bytes));
        long next = 0;
        for (Tensor tensor : tensors) {
            out.writeBytes(string(tensor.name));
            out.writeBytes(bytes(4).putInt(tensor.dimensions.length).array());
            for (long dimension : tensor.dimensions) {
                out.writeBytes(bytes(8).putLong(dimension).array());
            }
            out.writeBytes(bytes(12).putInt(tensor.type).putLong(tensor.offset == -1 ? next : tensor.offset).array());
            next = Math.ceilDiv(next + tensor.data.length, alignment) * (long) alignment;
        }
        for (Tensor tensor : tensors) {
            pad(out);
            out.writeBytes(tensor.data);
        }
        return out.toByteArray();
    }

    private void pad(ByteArrayOutputStream out) {
        while (out.size() % alignment != 0) {
            out.write(0);
        }
    }

    public Path write(Path path) throws IOException {
        return Files.write(path, build());
    }
}
