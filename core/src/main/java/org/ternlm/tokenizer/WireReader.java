package org.ternlm.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.ternlm.format.ModelFormatException;

/// Reads a message in the wire format of Protocol Buffers, field by field. Nothing is read outside the message, and
/// nothing is allocated but the texts that are asked for, so a length is no larger than the bytes that are there.
///
/// ```
/// message: field, field, …      field: tag (varint), value
/// tag: number << 3 | type       type: 0 varint · 1 eight bytes · 2 length (varint) and bytes · 5 four bytes
/// varint: seven bits a byte, lowest first; the top bit says that another byte follows
/// ```
///
/// Source: Protocol Buffers, "Encoding". Groups (types 3 and 4), which the format has given up, are refused. Not
/// thread-safe.
final class WireReader {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int BYTES = 2;
    private static final int FOUR_BYTES = 5;

    private final Path file;
    private final String place;
    private final ByteBuffer bytes;
    private int field;
    private int type;

    WireReader(Path file, byte[] content) {
        this(file, "", ByteBuffer.wrap(content));
    }

    private WireReader(Path file, String place, ByteBuffer bytes) {
        this.file = file;
        this.place = place;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Goes to the next field; false at the end of the message. Its value is to be read, or skipped, before the next.
    boolean next() {
        if (!bytes.hasRemaining()) {
            return false;
        }
        int at = bytes.position();
        long tag = varint();
        type = (int) (tag & 7);
        long number = tag >>> 3;
        boolean known = type == VARINT || type == EIGHT_BYTES || type == BYTES || type == FOUR_BYTES;
        if (number < 1 || number >= 1 << 29 || !known) {
            throw problem("byte " + at).expected("a field of Protocol Buffers")
                    .found("number %s of type %d".formatted(Long.toUnsignedString(number), type))
                    .hint("no SentencePiece model, or a damaged one").problem();
        }
        field = (int) number;
        return true;
    }

    /// The number of the field.
    int field() {
        return field;
    }

    /// The value as an integer; those of enumerations and flags too.
    int whole(String name) {
        require(VARINT, "an integer", name);
        long value = varint();
        if (value != (int) value) {
            throw problem(name).expected("an integer of 32 bits").found(value).problem();
        }
        return (int) value;
    }

    /// The value as true or false.
    boolean flag(String name) {
        return whole(name) != 0;
    }

    /// The value as a float.
    float real(String name) {
        require(FOUR_BYTES, "a float", name);
        return take(Float.BYTES).getFloat();
    }

    /// The value as a text.
    String text(String name) {
        require(BYTES, "a text", name);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(take(varint())).toString();
        } catch (CharacterCodingException e) {
            throw problem(name).expected("UTF-8").found("other bytes").cause(e).problem();
        }
    }

    /// The number of bytes that the value has, which are skipped.
    int length(String name) {
        require(BYTES, "bytes", name);
        return take(varint()).remaining();
    }

    /// The value as a message.
    WireReader message(String name) {
        require(BYTES, "a message", name);
        return new WireReader(file, at(name), take(varint()));
    }

    /// Passes over the value.
    void skip() {
        switch (type) {
            case VARINT -> varint();
            case EIGHT_BYTES -> take(Long.BYTES);
            case FOUR_BYTES -> take(Integer.BYTES);
            default -> take(varint());
        }
    }

    /// The start of an exception about the field `name` of this message.
    ModelFormatException.Problem problem(String name) {
        return ModelFormatException.in(file).at(at(name));
    }

    private String at(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    private void require(int expected, String what, String name) {
        if (type != expected) {
            throw problem(name).expected(what).found("a field of type " + type).problem();
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = take(1).get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw problem("byte " + bytes.position()).expected("an integer of at most ten bytes").found("more").problem();
    }

    private ByteBuffer take(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw problem("byte " + bytes.position()).expected("at most the %d bytes that are left"
                    .formatted(bytes.remaining())).found(Long.toUnsignedString(length))
                    .hint("the file may be cut short: download or copy it again").problem();
        }
        ByteBuffer taken = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + (int) length);
        return taken;
    }
}
