package org.ternlm.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ternlm.cli.Version;

/// Which state of the sources was measured: the commit of a checkout, with `+` behind it where tracked files were
/// changed; elsewhere the version.
final class Revision {
    private static final long PATIENCE_SECONDS = 10;

    private Revision() {}

    /// Of this program: the launcher passes its home in a property.
    static String ofThisProgram() {
        return of(Path.of(System.getProperty("tern.home", "")));
    }

    /// Of the checkout that `home` lies in.
    static String of(Path home) {
        String commit = git(home, "rev-parse", "--short=12", "HEAD");
        if (commit.isEmpty()) {
            return Version.number();
        }
        return commit + (git(home, "status", "--porcelain", "--untracked-files=no").isEmpty() ? "" : "+");
    }

    /// What git answers; nothing where there is no git, no checkout or no answer.
    private static String git(Path home, String... words) {
        List<String> command = new ArrayList<>(List.of("git", "-C", home.toAbsolutePath().toString()));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return answer;
            }
            process.destroy();
        } catch (IOException absent) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }
}
