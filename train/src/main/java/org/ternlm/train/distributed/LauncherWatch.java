package org.ternlm.train.distributed;

import java.util.Map;
import java.util.Optional;
import org.ternlm.command.ExitCode;

/// Ends a worker whose launcher is gone, however that was killed: nobody is left who could stop it.
public final class LauncherWatch {
    /// The variable in which [LocalWorkers] gives its process number.
    static final String VARIABLE = "TERN_LAUNCHER";

    private LauncherWatch() {}

    /// From now on the process ends when its launcher does, as at Ctrl-C: a training saves first. Does nothing in a process
    /// that [LocalWorkers] has not started. The launcher's end is seen within seconds.
    public static void begin(Map<String, String> environment) {
        String launcher = environment.get(VARIABLE);
        if (launcher == null) {
            return;
        }
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        if (parent.isPresent() && launcher.equals(Long.toString(parent.get().pid()))) {
            parent.get().onExit().thenRun(LauncherWatch::end);
        } else {
            // It was gone before this process had come so far.
            end();
        }
    }

    private static void end() {
        Runtime.getRuntime().exit(ExitCode.INTERRUPTED);
    }
}
