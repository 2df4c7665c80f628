package org.ternlm.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    private Path home;

    @Test
    void liesWhereTheSystemWantsIt() {
        assertThat(StateFolder.of(Map.of(), home).path()).isEqualTo(home.resolve(".local/state/tern"));
        assertThat(StateFolder.of(Map.of("XDG_STATE_HOME", "relative"), home).path())
                .isEqualTo(home.resolve(".local/state/tern"));
        String elsewhere = home.resolve("elsewhere").toAbsolutePath().toString();
        assertThat(StateFolder.of(Map.of("XDG_STATE_HOME", elsewhere), home).path())
                .isEqualTo(Path.of(elsewhere, "tern"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void isForItsOwnersEyes() throws IOException {
        StateFolder folder = StateFolder.of(Map.of(), home);
        Path history = folder.history();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path()))).isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history))).isEqualTo("rw-------");
        Files.writeString(history, "typed");
        assertThat(folder.history()).hasContent("typed");
    }
}
