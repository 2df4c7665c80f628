package org.ternlm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import java.util.function.Consumer;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.SchedulerFullException;
import org.ternlm.generate.Ticket;

/// Gives requests to the scheduler, and says its refusals in LangChain4j's words.
final class Submission {
    private Submission() {}

    /// @throws RateLimitException if too many requests wait
    /// @throws InvalidRequestException if the request never fits
    static Ticket of(TernModel model, RequestTranslation translation, Consumer<GenerationEvent> listener) {
        try {
            return model.scheduler().submit(translation.request(), listener);
        } catch (SchedulerFullException full) {
            throw new RateLimitException(full.getMessage(), full);
        } catch (IllegalArgumentException problem) {
            throw new InvalidRequestException(problem.getMessage(), problem);
        }
    }
}
