package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.ternlm.tokenizer.StreamDecoder;
import org.ternlm.tokenizer.Tokenizer;

/// How tokens are shown beside their log-probabilities. Safe for several threads.
final class TokenTexts {
    private static final HexFormat HEX = HexFormat.of().withPrefix("\\x");
    private final Tokenizer tokenizer;

    TokenTexts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// The text of a token; one that is a part of a character only is shown as OpenAI does: `bytes:\xe2\x82`.
    String text(int token) {
        if (token < 0 || token >= tokenizer.vocabularySize()) {
            return "";
        }
        if (tokenizer.isSpecial(token)) {
            return tokenizer.piece(token);
        }
        byte[] bytes = tokenizer.bytes(token);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return "bytes:" + HEX.formatHex(bytes);
        }
    }

    /// A decoder of tokens that come one after the other, without special ones.
    StreamDecoder decoder() {
        return tokenizer.streamDecoder(true);
    }

    /// Adds a token's bytes to an array.
    void addBytes(int token, ArrayNode target) {
        if (token >= 0 && token < tokenizer.vocabularySize()) {
            byte[] bytes = tokenizer.isSpecial(token)
                    ? tokenizer.piece(token).getBytes(StandardCharsets.UTF_8)
                    : tokenizer.bytes(token);
            for (byte value : bytes) {
                target.add(value & 0xFF);
            }
        }
    }
}
