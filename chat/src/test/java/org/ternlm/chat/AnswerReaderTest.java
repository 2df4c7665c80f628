package org.ternlm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    private static final List<Tool> TOOLS = List.of(tool("clock"), tool("weather"));

    private static Tool tool(String name) {
        return new Tool(name, "", JsonNodeFactory.instance.objectNode().put("type", "object"));
    }

    /// What a reader made of an answer.
    private record Read(String text, List<String> calls, List<String> pieces) {}

    /// Reads an answer in pieces of `size` characters.
    private static Read read(ToolSyntax syntax, String answer, int size) {
        AnswerReader reader = syntax.reader(TOOLS);
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < answer.length(); i += size) {
            pieces.add(reader.accept(answer.substring(i, Math.min(answer.length(), i + size))));
        }
        pieces.add(reader.finish());
        List<String> calls = reader.toolCalls().stream().map(call -> call.name() + call.arguments()).toList();
        return new Read(String.join("", pieces), calls, pieces);
    }

    private static void assertRead(ToolSyntax syntax, String answer, String text, String... calls) {
        for (int size = 1; size <= answer.length(); size++) {
            Read read = read(syntax, answer, size);
            assertThat(read.text).as("text of %s in pieces of %d", answer, size).isEqualTo(text);
            assertThat(read.calls).as("calls of %s in pieces of %d", answer, size).containsExactly(calls);
        }
    }

    @Test
    void tagged() {
        assertRead(ToolSyntax.TAGGED, "<tool_call>\n{\"name\": \"clock\", \"arguments\": {}}\n</tool_call>", "",
                "clock{}");
        assertRead(ToolSyntax.TAGGED,
                "Let me see.\n<tool_call>{\"name\":\"weather\",\"arguments\":{\"city\":\"</tool\"}}"
                        + "</tool_call>\n<tool_call>\n{\"name\":\"clock\"}</tool_call>\n",
                "Let me see.",
                "weather{\"city\":\"</tool\"}", "clock{}");
        assertRead(ToolSyntax.TAGGED, "a < b <tool <tool_cal\n\n and  ", "a < b <tool <tool_cal\n\n and  ");
        assertRead(ToolSyntax.TAGGED, "<tool_call>{\"name\":\"clock\",\"arguments\":{}}</tool_call> so\n it",
                " so\n it",
                "clock{}");
    }

    @Test
    void taggedButNoCall() {
        for (String body : List.of("{\"name\":\"unknown\",\"arguments\":{}}", "{\"name\":\"clock\",\"arguments\":[1]}",
                "{\"name\":\"clock\"", "clock()", "", "[]", "{\"name\":7}", "{\"name\":\"clock\"} and more")) {
            String answer = "so <tool_call>" + body + "</tool_call> it is";
            assertRead(ToolSyntax.TAGGED, answer, answer);
        }
    }

    @Test
    void aLastTagMayBeMissing() {
        assertRead(ToolSyntax.TAGGED, "<tool_call>\n{\"name\": \"clock\", \"arguments\": {}}\n", "", "clock{}");
        assertRead(ToolSyntax.TAGGED, "x <tool_call>\n{\"name\": \"clock\", \"argum",
                "x <tool_call>\n{\"name\": \"clock\", \"argum");
    }

    @Test
    void bare() {
        assertRead(ToolSyntax.BARE, "{\"name\": \"weather\", \"parameters\": {\"city\": \"}\\\"{\"}}", "",
                "weather{\"city\":\"}\\\"{\"}");
        assertRead(ToolSyntax.BARE, "<|python_tag|>{\"name\": \"clock\", \"parameters\": {}}; {\"name\":\"weather\","
                + "\"arguments\":\"{\\\"a\\\":1}\"}\n", "", "clock{}", "weather{\"a\":1}");
        assertRead(ToolSyntax.BARE, "\n {\"type\":\"function\",\"name\":\"clock\",\"parameters\":null}", "", "clock{}");
        assertRead(ToolSyntax.IN_WORDS, "{\"name\":\"clock\",\"arguments\":{}} Done.", " Done.", "clock{}");
    }

    @Test
    void bareButNoCall() {
        for (String answer : List.of("It is {\"name\":\"clock\",\"parameters\":{}}", "<|python_tag|>print(1)", "<|pyth",
                "{\"name\":\"Ann\",\"parameters\":{}}", "{\"name\":\"clock\",\"parameters\":{", "[1, 2]", "{}", "{",
                " \n",
                "{\"city\":\"Köln\",\"name\":\"clock\"}", "[{\"a\":1}]", "{\"name\":\"clock\",\"parameters\":3} x",
                "; x")) {
            assertRead(ToolSyntax.BARE, answer, answer);
        }
    }

    @Test
    void listed() {
        assertRead(ToolSyntax.LISTED, "[TOOL_CALLS][{\"name\":\"clock\",\"arguments\":{}},{\"name\":\"weather\","
                + "\"arguments\":{\"city\":\"x\"},\"id\":\"abcde1234\"}]", "", "clock{}", "weather{\"city\":\"x\"}");
        assertRead(ToolSyntax.LISTED, " [{\"name\":\"clock\",\"arguments\":{}}]", "", "clock{}");
        assertRead(ToolSyntax.LISTED, "[TOOL_CALLS] none", "[TOOL_CALLS] none");
        assertRead(ToolSyntax.LISTED, "[{\"name\":\"clock\",\"arguments\":{}},{\"name\":\"x\"}]",
                "[{\"name\":\"clock\",\"arguments\":{}},{\"name\":\"x\"}]");
    }

    @Test
    void textComesAtOnce() {
        assertThat(read(ToolSyntax.TAGGED, "The day is long", 4).pieces.subList(0, 3)).containsExactly("The", " day",
                " is l");
        assertThat(read(ToolSyntax.BARE, "Then came", 4).pieces.getFirst()).isEqualTo("Then");
        assertThat(read(ToolSyntax.BARE, "{\"city\": \"a long answer in JSON\"}", 1).pieces.indexOf("{\"city\""))
                .isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TAGGED", "BARE", "LISTED", "IN_WORDS"})
    void withoutToolsAllIsText(String syntax) {
        AnswerReader reader = ToolSyntax.valueOf(syntax).reader(List.of());
        String answer = "<tool_call>{\"name\":\"clock\"}</tool_call>";
        assertThat(reader.accept(answer) + reader.finish()).isEqualTo(answer);
        assertThat(reader.toolCalls()).isEmpty();
    }

    @Test
    void idsAreRandom() {
        AnswerReader reader = ToolSyntax.TAGGED.reader(TOOLS);
        reader.accept("<tool_call>{\"name\":\"clock\"}</tool_call><tool_call>{\"name\":\"clock\"}</tool_call>");
        assertThat(reader.toolCalls()).extracting(ToolCall::id).doesNotHaveDuplicates()
                .allMatch(id -> id.matches("call_[A-Za-z0-9]{24}"));
    }

    @Test
    void callsAreLongOrDeepWithoutHarm() {
        String deep = "[".repeat(100_000);
        Read read = read(ToolSyntax.TAGGED, "<tool_call>{\"name\":\"clock\",\"arguments\":" + deep + "</tool_call>",
                5000);
        assertThat(read.text).endsWith("[[[</tool_call>");
        assertThat(read.calls).isEmpty();
    }
}
