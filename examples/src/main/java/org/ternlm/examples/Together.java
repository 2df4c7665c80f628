package org.ternlm.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ternlm.generate.Scheduler;
import org.ternlm.generate.SchedulerOptions;
import org.ternlm.generate.Tern;
import org.ternlm.generate.Ticket;
import org.ternlm.kernel.KvForm;

/// Continues several texts at once: they share each pass over the weights.
public final class Together {
    private Together() {}

    /// @param args the model's folder or GGUF file, and beginnings of stories
    public static void main(String[] args) throws InterruptedException {
        SchedulerOptions options = new SchedulerOptions(256, 16, 100, 1L << 28, KvForm.F32);
        try (Tern tern = Tern.open(Path.of(args[0])); Scheduler scheduler = tern.scheduler(options)) {
            List<Ticket> tickets = Stream.of(args).skip(1)
                    .map(text -> scheduler.submit(tern.request(text).withMaxTokens(40), event -> {})).toList();
            for (Ticket ticket : tickets) {
                System.out.println(ticket.await().text().strip());
            }
        }
    }
}
