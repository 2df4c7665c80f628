package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher finds conversations, and builds them where they are missing: a module of their own, with JLine.
@Tag("soak")
class LauncherChatTest {
    private static final Path TERN = Path.of(System.getProperty("tern.root", ".."), "tern").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void conversationsAreFound() throws IOException, InterruptedException {
        Launch.of(TERN, folder, Map.of(), "chat");
        Launch chat = Launch.of(TERN, folder, Map.of(), "chat");
        assertThat(chat.exitCode()).isZero();
        assertThat(chat.out()).isEmpty();
        assertThat(chat.error())
                .isEqualTo("tern-stories-5M-b158 has no chat template: it continues texts" + System.lineSeparator());
        Launch wrong = Launch.of(TERN, folder, Map.of(), "chat", "-m", "missing");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.error()).startsWith("tern: no such model: missing").hasLineCount(1);
        Launch help = Launch.of(TERN, folder, Map.of(), "help", "chat");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("tern chat [-m MODEL]", "--system");
    }
}
