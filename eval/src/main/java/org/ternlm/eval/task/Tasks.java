package org.ternlm.eval.task;

import java.util.List;
import java.util.Optional;

/// All tasks.
public final class Tasks {
    /// Those of the table in the paper of BitNet b1.58, in its order.
    public static final List<Task> PAPER = List.of(Arc.EASY, Arc.CHALLENGE, HellaSwag.TASK, BoolQ.TASK,
            OpenBookQa.TASK, Piqa.TASK, WinoGrande.TASK);

    /// Those of the paper, then the others.
    public static final List<Task> ALL = List.of(Arc.EASY, Arc.CHALLENGE, HellaSwag.TASK, BoolQ.TASK, OpenBookQa.TASK,
            Piqa.TASK, WinoGrande.TASK, Lambada.TASK, SciQ.TASK, Blimp.TASK);

    private Tasks() {}

    /// The task of that name.
    public static Optional<Task> named(String name) {
        return ALL.stream().filter(task -> task.name().equals(name)).findFirst();
    }
}
