package org.ternlm.cli.pull;

import org.jspecify.annotations.Nullable;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.hub.PullListener;

/// Shows how far a pull is. Safe to share.
final class PullProgress implements PullListener, AutoCloseable {
    private final Console console;
    private final String label;
    private volatile @Nullable Progress progress;

    PullProgress(Console console, String label) {
        this.console = console;
        this.label = label;
    }

    @Override
    public void starts(int files, long total, long before) {
        Progress started = Progress.of(console, label, Unit.BYTES, total);
        started.startAt(before);
        progress = started;
    }

    @Override
    public void advances(long bytes) {
        Progress running = progress;
        if (running != null) {
            running.advance(bytes);
        }
    }

    @Override
    public void waits(String path) {
        Progress running = progress;
        if (running != null) {
            running.say(path + " is being pulled by another process, waiting for it");
        }
    }

    @Override
    public void close() {
        Progress running = progress;
        if (running != null) {
            running.close();
        }
    }
}
