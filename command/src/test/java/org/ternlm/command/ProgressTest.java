package org.ternlm.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long MANY = 1_000;
    private final AtomicLong clock = new AtomicLong();

    @Test
    void showsBarPercentAmountRateAndTimeLeftOnATerminal() {
        RecordingConsole console = RecordingConsole.terminal(80);
        Progress progress = progress(console, "loading", Unit.of("tensors"), 200);

        pass(Duration.ofSeconds(10));
        progress.moveTo(50);

        assertThat(lastLine(console)).isEqualTo(
                "loading ██████░░░░░░░░░░░░░░░░  25 %  50 of 200 tensors, 5 tensors/s, 0:30 left");
        assertThat(lastLine(console)).hasSizeLessThan(80);
    }

    @Test
    void neverFillsTheTerminalsLastColumn() {
        for (int width = 1; width < 140; width++) {
            RecordingConsole console = RecordingConsole.terminal(width);
            Progress progress = progress(console, "a rather long label", Unit.BYTES, 3_000_000_000L);
            pass(Duration.ofSeconds(1));
            progress.moveTo(1_000_000_000L);
            assertThat(lastLine(console)).as("width %d", width).hasSizeLessThan(Math.max(21, width));
        }
    }

    @Test
    void redrawsAtMostTenTimesASecond() {
        RecordingConsole console = RecordingConsole.terminal(80);
        Progress progress = progress(console, "loading", Unit.BYTES, MANY);
        for (int step = 0; step < MANY; step++) {
            pass(Duration.ofMillis(1));
            progress.advance(1);
        }
        assertThat(console.errorText().split("\r", -1)).hasSize(11);
    }

    @Test
    void clearsItsLineAtTheEnd() {
        RecordingConsole console = RecordingConsole.terminal(80);
        Progress progress = progress(console, "loading", Unit.BYTES, 10);
        pass(Duration.ofSeconds(1));
        progress.advance(5);
        progress.finish("loaded 5 B");
        progress.advance(5);
        progress.close();

        assertThat(console.errorText()).endsWith("\r\u001b[Kloaded 5 B" + System.lineSeparator());
    }

    @Test
    void shortWorkShowsNothing() {
        RecordingConsole console = RecordingConsole.terminal(80);
        try (Progress progress = progress(console, "loading", Unit.BYTES, 10)) {
            pass(Duration.ofMillis(99));
            progress.advance(10);
        }
        assertThat(console.errorText()).isEmpty();
    }

    @Test
    void writesPlainLinesWhereThereIsNoTerminal() {
        RecordingConsole console = RecordingConsole.file();
        Progress progress = progress(console, "download", Unit.BYTES, 10_000_000);
        for (int second = 1; second <= 12; second++) {
            pass(Duration.ofSeconds(1));
            progress.advance(500_000);
        }
        progress.close();

        assertThat(console.errorText().lines()).containsExactly(
                "download: 25 %, 2.5 MB of 10 MB, 500 kB/s, 0:15 left",
                "download: 50 %, 5.0 MB of 10 MB, 500 kB/s, 0:10 left");
    }

    @Test
    void countsWithoutAnEnd() {
        RecordingConsole console = RecordingConsole.terminal(80);
        Progress progress = new Progress(console, "reading", Unit.of("lines"), -1, clock::get);
        pass(Duration.ofSeconds(61));
        progress.moveTo(122_000);
        assertThat(lastLine(console)).isEqualTo("⠋ reading  122,000 lines, 2,000 lines/s, 1:01");
        pass(Duration.ofHours(1));
        progress.moveTo(122_000);
        assertThat(lastLine(console)).isEqualTo("⠙ reading  122,000 lines, 33.3 lines/s, 1:01:01");
    }

    @Test
    void workThatStandsStillOrOvershootsHasNoTimeLeft() {
        RecordingConsole console = RecordingConsole.terminal(80);
        Progress progress = progress(console, "training", Unit.of("steps"), 4);
        pass(Duration.ofSeconds(1));
        progress.moveTo(0);
        assertThat(lastLine(console)).endsWith("0 of 4 steps, 0 steps/s");
        pass(Duration.ofSeconds(1));
        progress.moveTo(6);
        assertThat(lastLine(console)).contains("100 %").doesNotContain("left");
    }

    @Test
    void nothingToDoIsDone() {
        RecordingConsole console = RecordingConsole.terminal(80);
        Progress progress = progress(console, "copying", Unit.BYTES, 0);
        pass(Duration.ofSeconds(1));
        progress.advance(0);
        assertThat(lastLine(console)).contains("100 %");
        assertThatThrownBy(() -> Progress.of(console, "copying", Unit.BYTES, -1)).hasMessage("total is -1");
    }

    @Test
    void amountsReadWell() {
        assertThat(Unit.BYTES.amount(0)).isEqualTo("0 B");
        assertThat(Unit.BYTES.amount(999)).isEqualTo("999 B");
        assertThat(Unit.BYTES.amount(999_999)).isEqualTo("1.0 MB");
        assertThat(Unit.BYTES.amount(1_234_000_000)).isEqualTo("1.2 GB");
        assertThat(Unit.BYTES.amount(Long.MAX_VALUE)).isEqualTo("9.2 EB");
        assertThat(Unit.of("tokens").amount(12.34)).isEqualTo("12.3 tokens");
        assertThat(Unit.of("tokens").part(7, 4096)).isEqualTo("7 of 4,096 tokens");
    }

    private Progress progress(Console console, String label, Unit unit, long total) {
        return new Progress(console, label, unit, total, clock::get);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private static String lastLine(RecordingConsole console) {
        String text = console.errorText();
        return text.substring(text.lastIndexOf("\u001b[K") + 3);
    }
}
