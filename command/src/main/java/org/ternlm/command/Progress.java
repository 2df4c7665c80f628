package org.ternlm.command;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Shows on the error stream how far some work is, how fast it goes and how long it will still take.
///
/// ```
/// try (Progress progress = Progress.of(console, "loading", Unit.BYTES, size)) {
///     …
///     progress.advance(block.length);
///     …
///     progress.finish("loaded in 1.2 s");
/// }
/// ```
///
/// On a terminal it is one line that is redrawn at most ten times a second, and gone at the end; elsewhere, a plain line
/// every five seconds. Work that is over before the first of them shows nothing. Draws only inside its own calls: no
/// thread of its own. Safe to share between threads.
public final class Progress implements AutoCloseable {
    private static final long UNKNOWN = -1;
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int WIDEST_BAR = 30;
    private static final int NARROWEST_BAR = 6;
    private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static final String RETURN_AND_CLEAR = "\r\u001b[K";

    private final PrintStream stream;
    private final boolean terminal;
    private final int width;
    private final String label;
    private final Unit unit;
    private final long total;
    private final LongSupplier nanoClock;
    private final long started;
    private long lastDrawn;
    private long done;
    private long before;
    private String detail = "";
    private int frame;
    private boolean onScreen;
    private boolean closed;

    Progress(Console console, String label, Unit unit, long total, LongSupplier nanoClock) {
        this.stream = console.error();
        this.terminal = console.errorIsTerminal();
        // A line as wide as the terminal would wrap on some of them.
        this.width = Math.max(20, console.width() - 1);
        this.label = label;
        this.unit = unit;
        this.total = total;
        this.nanoClock = nanoClock;
        this.started = nanoClock.getAsLong();
        this.lastDrawn = started;
    }

    /// Progress towards a known end.
    ///
    /// @param label what is being done: `loading model`
    /// @param total when it will be done, at least 0
    public static Progress of(Console console, String label, Unit unit, long total) {
        if (total < 0) {
            throw new IllegalArgumentException("total is " + total);
        }
        return new Progress(console, label, unit, total, System::nanoTime);
    }

    /// Progress towards an end that nobody knows.
    ///
    /// @param label what is being done: `reading`
    public static Progress withoutEnd(Console console, String label, Unit unit) {
        return new Progress(console, label, unit, UNKNOWN, System::nanoTime);
    }

    /// So much more is done.
    public synchronized void advance(long amount) {
        moveTo(done + amount);
    }

    /// So much is done in all.
    public synchronized void moveTo(long amount) {
        done = amount;
        long now = nanoClock.getAsLong();
        if (!closed && now - lastDrawn >= (terminal ? REDRAW_NANOS : LINE_NANOS)) {
            lastDrawn = now;
            draw(now - started);
        }
    }

    /// So much was done before, at another time: it counts as done, but not for the rate.
    public synchronized void startAt(long amount) {
        before = amount;
        done = amount;
    }

    /// Writes a line that stays, above the progress.
    public synchronized void say(String line) {
        clear();
        stream.println(line);
        stream.flush();
    }

    /// Says more about the state of the work, behind rate and time: `loss 3.21`.
    public synchronized void detail(String text) {
        detail = text.isEmpty() ? "" : ", " + text;
    }

    /// Ends the progress with a line that stays.
    public synchronized void finish(String summary) {
        close();
        stream.println(summary);
        stream.flush();
    }

    /// Ends the progress; on a terminal its line is cleared.
    @Override
    public synchronized void close() {
        closed = true;
        clear();
    }

    private void clear() {
        if (onScreen) {
            onScreen = false;
            stream.print(RETURN_AND_CLEAR);
            stream.flush();
        }
    }

    private void draw(long elapsedNanos) {
        if (terminal) {
            stream.print(RETURN_AND_CLEAR + cut(total == UNKNOWN ? spinner(elapsedNanos) : bar(elapsedNanos)));
            onScreen = true;
        } else {
            stream.println(label + ": " + (total == UNKNOWN ? "" : percent().strip() + ", ") + numbers(elapsedNanos));
        }
        stream.flush();
    }

    private String bar(long elapsedNanos) {
        String rest = " " + percent() + "  " + numbers(elapsedNanos);
        int room = Math.min(WIDEST_BAR, width - label.length() - 1 - rest.length());
        if (room < NARROWEST_BAR) {
            return label + rest;
        }
        int filled = (int) Math.round(room * fraction());
        return label + " " + "█".repeat(filled) + "░".repeat(room - filled) + rest;
    }

    private String spinner(long elapsedNanos) {
        return SPINNER.charAt(frame++ % SPINNER.length()) + " " + label + "  " + numbers(elapsedNanos);
    }

    private String numbers(long elapsedNanos) {
        double seconds = elapsedNanos / 1e9;
        double rate = (done - before) / seconds;
        String speed = ", " + unit.amount(rate) + "/s";
        if (total == UNKNOWN) {
            return unit.amount(done) + speed + ", " + clock(seconds) + detail;
        }
        String left = rate > 0 && done < total ? ", " + clock((total - done) / rate) + " left" : "";
        return unit.part(done, total) + speed + left + detail;
    }

    private String percent() {
        return "%3d %%".formatted((int) (100 * fraction()));
    }

    private double fraction() {
        return total == 0 ? 1 : Math.clamp((double) done / total, 0, 1);
    }

    private String cut(String line) {
        return line.length() <= width ? line : line.substring(0, width);
    }

    private static String clock(double seconds) {
        long whole = (long) Math.ceil(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
