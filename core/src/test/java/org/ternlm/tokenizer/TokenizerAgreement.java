package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

/// That two tokenizers are one, by what they do.
final class TokenizerAgreement {
    private TokenizerAgreement() {}

    /// Checks generated texts, all pieces of `expected`, and the tokens that start and end a text.
    static void check(Tokenizer expected, Tokenizer found) {
        NastyText texts = new NastyText(20_261_122);
        for (int i = 0; i < 3_000; i++) {
            String text = texts.next();
            int[] ids = expected.encode(text, true);
            assertThat(found.encode(text, true)).as("%d: %s", i, text).isEqualTo(ids);
            assertThat(found.decode(ids, true)).isEqualTo(expected.decode(ids, true));
            assertThat(found.encode(text, false, SpecialText.AS_TEXT)).isEqualTo(expected.encode(text, false,
                    SpecialText.AS_TEXT));
        }
        for (int id = 0; id < expected.vocabularySize(); id++) {
            assertThat(found.bytes(id)).isEqualTo(expected.bytes(id));
            assertThat(found.isSpecial(id)).isEqualTo(expected.isSpecial(id));
        }
        assertThat(found.bosId()).isEqualTo(expected.bosId());
        assertThat(found.eosId()).isEqualTo(expected.eosId());
    }
}
