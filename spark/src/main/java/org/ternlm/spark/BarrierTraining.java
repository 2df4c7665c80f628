package org.ternlm.spark;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Function1;
import scala.collection.Iterator;
import scala.reflect.ClassTag;

/// Starts the workers of a training on the executors of a Spark cluster: a stage in barrier mode, of which all tasks run at
/// once or none does. Each task starts one process, tells it in its environment who it is, as torchrun would, and waits for
/// its end. Weights and gradients do not pass through Spark.
///
/// If one process fails, all end, and Spark starts the stage anew; with `--resume` in the command that goes on from the last
/// checkpoint.
public final class BarrierTraining {
    private BarrierTraining() {}

    /// A function that travels to executors.
    private interface Body extends Function1<Iterator<Integer>, Iterator<Integer>>, Serializable {}

    /// Runs a training to its end.
    ///
    /// @param workers how many processes, at most as many as the cluster has slots for tasks
    /// @param command what each starts, such as `/opt/tern/tern train CONFIG --resume`; program and files are at the same
    /// place on all machines
    /// @throws IllegalArgumentException if there is no worker or no command
    /// @throws RuntimeException Spark's, if a worker fails for good; its message has the worker's last lines
    public static void run(SparkSession session, int workers, List<String> command) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers: expected 1 or more, found " + workers);
        }
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command: expected a program, found none");
        }
        List<String> words = List.copyOf(command);
        Body body = ignored -> {
            new TrainingWorker(words).run();
            return Iterator.<Integer>empty();
        };
        new JavaSparkContext(session.sparkContext()).parallelize(Collections.nCopies(workers, 0), workers).rdd()
                .barrier().mapPartitions(body, false, ClassTag.apply(Integer.class)).count();
    }

    /// `spark-submit --class org.ternlm.spark.BarrierTraining tern-spark.jar WORKERS COMMAND…`
    ///
    /// @throws IllegalArgumentException if the first argument is no number of workers, or no command follows
    public static void main(String[] args) {
        if (args.length < 2 || !args[0].matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("expected WORKERS COMMAND…, found " + String.join(" ", args));
        }
        SparkSession session = SparkSession.builder().appName("tern train").getOrCreate();
        try {
            run(session, Integer.parseInt(args[0]), List.of(args).subList(1, args.length));
        } finally {
            session.stop();
        }
    }
}
