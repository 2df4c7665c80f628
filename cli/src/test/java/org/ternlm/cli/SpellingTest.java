package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> WORDS = List.of("--temperature", "--top-k", "--top-p", "--json", "-n");

    @Test
    void guessesWhatTakesFewChanges() {
        assertThat(Spelling.nearest("--tempreature", WORDS)).contains("--temperature");
        assertThat(Spelling.nearest("--topk", WORDS)).contains("--top-k");
        assertThat(Spelling.nearest("--jsno", WORDS)).contains("--json");
        assertThat(Spelling.nearest("--frobnicate", WORDS)).isEmpty();
        assertThat(Spelling.nearest("", List.of("run"))).isEmpty();
    }
}
