package org.ternlm.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.generate.Tern;

class ChatCommandTest {
    private static final String BEGINNING = "Once upon a time";

    @TempDir
    private Path folder;

    private static String continued(String text, int tokens) {
        Path home = Path.of(System.getProperty("tern.root", ".."));
        try (Tern tern = Tern.open(home.resolve("models/tern-stories-5M-b158.gguf"), 1)) {
            return tern.session().generate(tern.request(text).withMaxTokens(tokens)).text();
        }
    }

    /// A model whose template numbers the messages that it sees.
    private Path modelWithTemplate(String template) throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            if (Files.notExists(folder.resolve(name))) {
                Files.copy(Chat.model("tinystories-ternary-1M").resolve(name), folder.resolve(name));
            }
        }
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        return folder;
    }

    @Test
    void theBundledModelContinuesTexts() {
        Chat chat = Chat.of(BEGINNING + "\n\n", "-n", "12");
        String story = continued(BEGINNING, 24);
        assertThat(chat.exitCode()).isZero();
        assertThat(chat.out().replace("\n", "")).isEqualTo(story.replace("\n", ""));
        assertThat(chat.error()).startsWith("tern-stories-5M-b158 has no chat template: it continues texts\n")
                .contains("Cut after 12 tokens (-n). An empty line goes on.\n");
    }

    @Test
    void commandsWorkInAScript() {
        Chat chat = Chat.of("""
                /stats
                /system Be kind.
                /system
                /system -
                Once upon a time
                /stats
                /reset

                /help
                /exit
                never reached
                """, "-n", "3", "--system", "Earlier words.");
        assertThat(chat.exitCode()).isZero();
        assertThat(chat.out()).hasLineCount(1);
        assertThat(chat.error()).contains("No answer yet.\n", "The system says: Be kind.\nThe system says: Be kind.\n",
                "The system says nothing.\n", "answer 3 tokens", "ended by length", "Forgotten.\n", "/system TEXT",
                "/exit ").doesNotContain("Earlier");
    }

    @Test
    void whatIsSaidBeforeCounts() {
        Chat twice = Chat.of("Tom had a red ball.\nHe\n/stats\n", "-n", "4");
        assertThat(twice.out()).isEqualTo(continued("Tom had a red ball.", 4) + "\n"
                + continued("Tom had a red ball." + continued("Tom had a red ball.", 4) + "\n\nHe", 4) + "\n");
        assertThat(twice.error()).containsPattern("prompt \\d+ tokens \\((?!0 reused)\\d+ reused\\)");
        Chat system = Chat.of("Tom had a red ball.\n", "-n", "4", "--system", "The sun was hot.");
        assertThat(system.out()).isEqualTo(continued("The sun was hot.\n\nTom had a red ball.", 4) + "\n");
    }

    @Test
    void messagesMayHaveManyLines() {
        String expected = continued("One day\nTom ran", 3) + "\n";
        for (String input : List.of("One day\\\nTom ran\n", "\"\"\"One day\nTom ran\"\"\"\n",
                "\"\"\"\nOne day\nTom ran\n\"\"\"\n")) {
            assertThat(Chat.of(input, "-n", "3").out()).as(input).isEqualTo(expected);
        }
        assertThat(Chat.of("//stats\n", "-n", "3").out()).isEqualTo(continued("/stats", 3) + "\n");
    }

    @Test
    void savedConversationsGoOn() throws IOException {
        Path file = folder.resolve("talk.json");
        Chat saved = Chat.of("Tom had a red ball.\n/save " + file + "\nHe\n", "-n", "4", "--system", "Tales.");
        assertThat(saved.error()).contains("Saved 3 messages to " + file + ".\n");
        JsonNode messages = new JsonMapper().readTree(file.toFile()).get("messages");
        assertThat(messages.findValuesAsText("role")).containsExactly("system", "user", "assistant");
        assertThat(messages.findValuesAsText("content")).startsWith("Tales.", "Tom had a red ball.");
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        }
        Chat loaded = Chat.of("/load " + file + "\nHe\n/save " + file + "\n", "-n", "4");
        assertThat(loaded.exitCode()).as(loaded.problem()).isZero();
        assertThat(loaded.error()).contains("Goes on with 3 messages from " + file, "Saved 5 messages");
        assertThat(loaded.out()).isEqualTo(saved.out().lines().skip(1).findFirst().orElseThrow() + "\n");
    }

    @Test
    void whatIsNoConversationIsNeitherReadNorOverwritten() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
        assertThat(Chat.of("/save " + notes + "\n").problem())
                .isEqualTo(notes + ": is there already, and is no conversation");
        assertThat(notes).hasContent("mine");
        assertThat(Chat.of("/load " + folder.resolve("none.json") + "\n").problem()).contains("none.json",
                "nothing there");
        assertThat(Chat.of("/save " + folder.resolve("none/x.json") + "\n").problem()).endsWith(
                "x.json: cannot be written: no such folder");
        Path file = folder.resolve("bad.json");
        for (String json : List.of("{}", "{\"messages\":[1]}", "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":1}]}",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"system\",\"content\":\"x\"}]}", "[",
                "")) {
            Files.writeString(file, json);
            assertThat(Chat.of("/load " + file + "\n").problem()).as(json).contains("bad.json").doesNotContain("\n");
        }
    }

    @Test
    void mistakesEndAScript() {
        assertThat(Chat.of("/foo\n").problem()).isEqualTo("/foo: no such command");
        assertThat(Chat.of("/save\n").problem()).isEqualTo("/save: expected a file");
        assertThat(Chat.of("", "-n", "0").problem()).isEqualTo("max tokens: expected at least 1, found 0");
        assertThat(Chat.of("", "--context", "100000").problem()).startsWith("context: expected 1 to 256");
        assertThat(Chat.of("\"\"\"open\n").problem()).contains("expected the message to go on");
        assertThat(Chat.of("open\\\n").problem()).contains("line 1", "expected the message to go on");
        assertThat(Chat.of("", "--temperature", "-1").problem()).startsWith("temperature: expected 0 to 100");
        assertThat(Chat.of("\n \n", "-n", "3").out()).isEmpty();
    }

    @Test
    void aTextThatFillsTheContextLosesItsBeginning() {
        Chat chat = Chat.of(BEGINNING + "\n".repeat(9), "-n", "16", "--context", "48");
        assertThat(chat.exitCode()).as(chat.problem()).isZero();
        assertThat(chat.out().lines().count()).isGreaterThanOrEqualTo(9);
        assertThat(chat.error()).contains("The context is full: forgot the first ");
        Chat turns = Chat.of("Tom had a red ball.\nMia had a big dog.\nSue had a cat.\nBen ran.\n", "-n", "8",
                "--context", "40");
        assertThat(turns.error()).contains("The context is full: forgot the oldest turn");
    }

    @Test
    void aModelsTemplateIsUsed() throws IOException {
        String template = "{% for m in messages %}{{ m.role[0] }}:{{ m.content }}\n{% endfor %}a:";
        Chat chat = Chat.of("Hi\n\nHo\n/save " + folder.resolve("talk.json") + "\n", "-m",
                modelWithTemplate(template).toString(),
                "-n", "2", "--system", "S");
        assertThat(chat.exitCode()).as(chat.problem()).isZero();
        assertThat(chat.error()).doesNotContain("no chat template").contains("Saved 5 messages");
        assertThat(chat.out()).hasLineCount(2);
    }

    @Test
    void aMessageThatDoesNotFitIsRefused() throws IOException {
        Path model = modelWithTemplate("{% for m in messages %}{{ m.content }}{% endfor %}");
        Chat chat = Chat.of("word ".repeat(50) + "\n", "-m", model.toString(), "--context", "32", "-n", "8");
        assertThat(chat.problem())
                .matches("the message has \\d+ tokens, and with room for an answer the context holds 24");
        Chat refused = Chat.of("x\n", "-m", modelWithTemplate("{{ raise_exception('not now') }}").toString());
        assertThat(refused.problem())
                .isEqualTo("the model's chat template (chat_template.jinja) does not take these messages: not now");
        Chat damaged = Chat.of("x\n", "-m", modelWithTemplate("{% if %}").toString());
        assertThat(damaged.problem())
                .contains("chat_template.jinja: expected a chat template in Jinja, found line 1: ");
    }
}
