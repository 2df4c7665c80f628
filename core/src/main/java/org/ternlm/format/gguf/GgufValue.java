package org.ternlm.format.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A value of GGUF metadata. Immutable; those that are views of the file live as long as it is mapped.
public sealed interface GgufValue {

    /// What it is, in words, for messages.
    String kind();

    /// Any integer type. Unsigned numbers of 64 bits beyond 2^63 - 1 are refused when a file is read.
    record Whole(long value) implements GgufValue {
        @Override
        public String kind() {
            return Long.toString(value);
        }
    }

    /// A float or a double.
    record Real(double value) implements GgufValue {
        @Override
        public String kind() {
            return Double.toString(value);
        }
    }

    /// True or false.
    record Flag(boolean value) implements GgufValue {
        @Override
        public String kind() {
            return Boolean.toString(value);
        }
    }

    /// A string, decoded when asked for.
    record Text(MemorySegment bytes) implements GgufValue {

        /// @throws CharacterCodingException if it is no UTF-8
        public String value() throws CharacterCodingException {
            return decode(bytes);
        }

        @Override
        public String kind() {
            try {
                return bytes.byteSize() > 200 ? "a long string" : '"' + value() + '"';
            } catch (CharacterCodingException e) {
                return "a string that is no UTF-8";
            }
        }
    }

    /// An array of strings: each its length in 64 bits, then its bytes.
    ///
    /// @param count how many
    /// @param bytes all of them, checked
    record Texts(int count, MemorySegment bytes) implements GgufValue {

        /// Decodes all of them.
        ///
        /// @throws CharacterCodingException if one is no UTF-8; its message is the index of that one
        public List<String> values() throws CharacterCodingException {
            List<String> values = new ArrayList<>(count);
            long at = 0;
            for (int i = 0; i < count; i++) {
                long length = bytes.get(U64, at);
                values.add(decode(bytes.asSlice(at + Long.BYTES, length)));
                at += Long.BYTES + length;
            }
            return values;
        }

        @Override
        public String kind() {
            return "an array of " + count + " strings";
        }
    }

    /// An array of numbers or of true and false.
    ///
    /// @param type of its elements
    /// @param count how many
    /// @param bytes all of them
    record Numbers(GgufValueType type, int count, MemorySegment bytes) implements GgufValue {

        /// Element `index` of an array of integers; negative for an unsigned one of 64 bits beyond 2^63 - 1.
        ///
        /// @throws IllegalStateException if it holds no integers
        public long whole(int index) {
            if (type.scalar(bytes, (long) index * type.bytes()) instanceof Whole whole) {
                return whole.value;
            }
            throw new IllegalStateException("an array of " + type);
        }

        /// Element `index` of an array of floating-point numbers.
        ///
        /// @throws IllegalStateException if it holds none
        public double real(int index) {
            if (type.scalar(bytes, (long) index * type.bytes()) instanceof Real real) {
                return real.value;
            }
            throw new IllegalStateException("an array of " + type);
        }

        @Override
        public String kind() {
            return "an array of " + count + " " + type;
        }
    }

    /// An array of arrays.
    record Arrays(List<GgufValue> values) implements GgufValue {
        public Arrays {
            values = List.copyOf(values);
        }

        @Override
        public String kind() {
            return "an array of " + values.size() + " arrays";
        }
    }

    /// 64 bits as GGUF stores them.
    ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static String decode(MemorySegment bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
    }
}
