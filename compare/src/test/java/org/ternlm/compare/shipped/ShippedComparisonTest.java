package org.ternlm.compare.shipped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.CommandException;
import org.ternlm.command.MemoryConsole;

/// The three models themselves: what they are worth is part of what ships.
class ShippedComparisonTest {
    private static final Path HOME = Path.of(System.getProperty("tern.root", ".."));
    private static final ShippedComparison.Request REQUEST = new ShippedComparison.Request("Once upon a time", 1, 12, 2,
            1);

    private static List<ShippedResult> results = List.of();

    @BeforeAll
    static void compare() throws IOException {
        results = new ShippedComparison(new MemoryConsole(), REQUEST).run(ShippedModel.below(HOME));
    }

    @Test
    void theThirdValueMakesTheModelBetterAndRealNumbersBetterStill() {
        assertThat(results).extracting(result -> result.loss().bitsPerByte()).satisfies(bits -> {
            assertThat(bits.get(0)).isBetween(0.5, bits.get(2));
            assertThat(bits.get(2)).isLessThan(bits.get(1));
            assertThat(bits.get(1)).isLessThan(0.8);
        });
        assertThat(results).allSatisfy(result -> assertThat(result.loss().nats().count()).isEqualTo(results.getFirst()
                .loss().nats().count()));
    }

    @Test
    void ternaryOnesAreAFewMegabytes() {
        assertThat(results.get(0).fileBytes()).isBetween(9_000_000L, 11_000_000L);
        assertThat(results.subList(1, 3)).allSatisfy(result -> {
            assertThat(result.fileBytes()).isBetween(2_000_000L, 3_000_000L);
            assertThat(result.bytesPerToken()).isLessThan(results.getFirst().bytesPerToken() / 3);
            assertThat(result.milliseconds().fastest()).isPositive();
            assertThat(result.milliseconds().slowest()).isGreaterThanOrEqualTo(result.milliseconds().median());
            assertThat(result.text()).hasSizeGreaterThan(200);
        });
    }

    @Test
    void theReportHasAllOfIt() throws IOException {
        String lines = String.join("\n", ShippedReport.lines(REQUEST, results));
        assertThat(lines).contains("12 stories", "nats a token", "ms a token", "BitNet b1.58:\n  Once upon a time");
        assertThat(lines.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(140));
        JsonNode json = new JsonMapper().readTree(ShippedReport.json(REQUEST, results));
        assertThat(json.path("models")).hasSize(3);
        assertThat(json.at("/models/2/natsPerToken").asDouble()).isEqualTo(results.get(2).loss().nats().value());
    }

    @Test
    void aMissingModelIsNamed(@TempDir Path empty) {
        assertThatThrownBy(() -> ShippedModel.below(empty)).isInstanceOf(CommandException.class).hasMessageContaining(
                "tern-stories-5M-llama");
    }
}
