package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.generate.Tern;

/// The chat page in a browser: runs the tests of `src/test/page` with Node, against servers of a small model.
///
/// They want Node 20 with npm, and Chromium (`CHROMIUM` names another than the usual ones). Without these they are skipped,
/// and the skip says what is missing.
class PageInBrowserTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", "..")).toAbsolutePath().normalize();
    private static final Path TESTS = ROOT.resolve("server/src/test/page");
    private static final Path MODEL = ROOT.resolve("testdata/models/tinystories-ternary-3M");
    private static final String KEY = "a-key-for-the-page";
    private static final List<String> BROWSERS = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    private static final int NODE = 20;
    private static final long LIMIT_SECONDS = 240;

    @TempDir
    private Path folder;

    @Test
    void thePageWorksInABrowser() throws Exception {
        String browser = browser();
        installPackages();
        try (Tern stories = Tern.open(MODEL);
                Tern chats = Tern.open(withTemplate());
                TernServer open = TernServer.start(stories, ServerOptions.usual().withPort(0));
                TernServer keyed = TernServer.start(chats, ServerOptions.usual().withPort(0).withApiKey(KEY))) {
            Ended tests = run(Map.of("CHROMIUM", browser, "TERN_STORIES", open.url() + "/", "TERN_CHATS",
                    keyed.url() + "/", "TERN_KEY", KEY), "node", "--test", "--test-concurrency=2",
                    "--test-reporter=spec");
            assertThat(tests.status()).as(tests.output()).isZero();
            assertThat(tests.output()).contains("a real server").doesNotContain("# SKIP");
        }
    }

    /// The small model, with a template that joins messages.
    private Path withTemplate() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("model"));
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Files.writeString(copy.resolve("chat_template.jinja"),
                "{% for message in messages %}{{ message['content'] }} {% endfor %}");
        return copy;
    }

    private static String browser() {
        String named = System.getenv("CHROMIUM");
        if (named != null) {
            return named;
        }
        return BROWSERS.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst().orElseGet(() -> skip(
                "there is no Chromium (apt-get install chromium), and CHROMIUM names none"));
    }

    private void installPackages() throws Exception {
        Ended node = attempt("node", "--version");
        if (node.status() != 0 || version(node.output()) < NODE) {
            skip("expected Node %d or newer, found %s".formatted(NODE, node.output().strip()));
        }
        Path lock = TESTS.resolve("package-lock.json");
        Path installed = TESTS.resolve("node_modules/.package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) >= 0) {
            return;
        }
        Ended npm = attempt("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        if (npm.status() != 0) {
            skip("npm could not install the tests' packages: " + npm.output().strip());
        }
    }

    private static int version(String text) {
        String number = text.strip().replaceAll("^v(\\d+).*", "$1");
        return number.matches("\\d{1,4}") ? Integer.parseInt(number) : 0;
    }

    private static <T> T skip(String why) {
        System.getLogger("org.ternlm.server").log(System.Logger.Level.WARNING, "PageInBrowserTest is skipped: " + why);
        return Assumptions.abort(why);
    }

    private record Ended(int status, String output) {}

    private Ended attempt(String... command) throws Exception {
        try {
            return run(Map.of(), command);
        } catch (IOException e) {
            return new Ended(-1, String.valueOf(e.getMessage()));
        }
    }

    private Ended run(Map<String, String> environment, String... command) throws Exception {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(TESTS.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        String text = Files.readString(output);
        return ended
                ? new Ended(process.exitValue(), text)
                : new Ended(-1, text + "\nnot ended after " + LIMIT_SECONDS + " s");
    }
}
