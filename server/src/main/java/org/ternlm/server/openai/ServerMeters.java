package org.ternlm.server.openai;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.ternlm.generate.Scheduler;
import org.ternlm.generate.SchedulerState;
import org.ternlm.server.http.Access;
import org.ternlm.server.http.Exchange;

/// What the server measures, in Prometheus' format. Safe for several threads.
public final class ServerMeters {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final Duration[] STEPS = {Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(50),
            Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1),
            Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30),
            Duration.ofMinutes(1), Duration.ofMinutes(5)};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer firstToken;

    /// Meters of what this scheduler does.
    public ServerMeters(Scheduler scheduler) {
        firstToken = Timer.builder("tern.first.token").description("From a request's arrival to its first token")
                .serviceLevelObjectives(STEPS).register(registry);
        gauge(scheduler, "tern.running", "Sequences that are computed now", SchedulerState::running);
        gauge(scheduler, "tern.waiting", "Requests that wait for their turn", SchedulerState::waiting);
        gauge(scheduler, "tern.cache.bytes", "Memory that keys and values hold now", SchedulerState::cacheBytes);
        counter(scheduler, "tern.passes", "Passes over the weights", SchedulerState::passes);
        counter(scheduler, "tern.prompt.tokens", "Tokens of prompts, those that were reused included",
                SchedulerState::promptTokens);
        counter(scheduler, "tern.reused.tokens", "Tokens of prompts whose keys and values were there already",
                SchedulerState::reusedTokens);
        counter(scheduler, "tern.generated.tokens", "Tokens generated", SchedulerState::generatedTokens);
    }

    private void gauge(Scheduler scheduler, String name, String description,
            ToDoubleFunction<SchedulerState> value) {
        Gauge.builder(name, scheduler, source -> value.applyAsDouble(source.state())).description(description)
                .register(registry);
    }

    private void counter(Scheduler scheduler, String name, String description,
            ToDoubleFunction<SchedulerState> value) {
        FunctionCounter.builder(name, scheduler, source -> value.applyAsDouble(source.state()))
                .description(description).register(registry);
    }

    void firstToken(long nanos) {
        firstToken.record(nanos, TimeUnit.NANOSECONDS);
    }

    /// Counts a request that is over.
    public void count(Access access) {
        Timer.builder("tern.requests").description("Requests, from arrival to the end of the answer")
                .tag("route", access.route()).tag("status", Integer.toString(access.status()))
                .serviceLevelObjectives(STEPS).register(registry).record(access.time());
    }

    /// `GET /metrics`.
    public void answer(Exchange exchange) {
        exchange.send(200, CONTENT_TYPE, registry.scrape(CONTENT_TYPE));
    }
}
