package org.ternlm.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes messages in the wire format of Protocol Buffers, for tests: sound ones and unsound ones.
final class WireWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    WireWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    WireWriter tag(int field, int type) {
        return varint((long) field << 3 | type);
    }

    WireWriter whole(int field, long value) {
        return tag(field, 0).varint(value);
    }

    WireWriter real(int field, float value) {
        tag(field, 5);
        int bits = Float.floatToRawIntBits(value);
        for (int i = 0; i < 32; i += 8) {
            out.write(bits >>> i);
        }
        return this;
    }

    WireWriter bytes(int field, byte[] value) {
        return tag(field, 2).varint(value.length).raw(value);
    }

    WireWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    WireWriter message(int field, WireWriter value) {
        return bytes(field, value.build());
    }

    WireWriter raw(byte... value) {
        out.writeBytes(value);
        return this;
    }

    byte[] build() {
        return out.toByteArray();
    }

    static WireWriter piece(String piece, float score, int type) {
        return new WireWriter().text(1, piece).real(2, score).whole(3, type);
    }
}
