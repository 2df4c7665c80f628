package org.ternlm.train.config;

import java.util.Map;
import org.ternlm.train.torch.Precision;

/// How to train.
///
/// @param steps optimiser steps in all
/// @param batch sequences of a step
/// @param microBatch sequences computed at a time; divides `batch`
/// @param length tokens of a sequence
/// @param schedule how the rate changes
/// @param rate peak of the first stage
/// @param secondRate peak of the second stage, of a two-stage schedule
/// @param decay weight decay; 0 in the second stage of a two-stage schedule
/// @param warmUp steps until the peak
/// @param coolDown last steps, in which the rate falls evenly to 0 from where it is
/// @param beta1 of AdamW
/// @param beta2 of AdamW
/// @param clip most norm of the gradient
/// @param precision of matrix products
/// @param seed of initial weights and of the order of data
public record Recipe(long steps, int batch, int microBatch, int length, Schedule schedule, double rate,
        double secondRate, double decay, long warmUp, long coolDown, double beta1, double beta2, double clip,
        Precision precision,
        long seed) {

    /// How the learning rate changes after the warm-up.
    public enum Schedule {
        /// Linear decay towards 0 from `rate`; from half of the steps on, towards 0 from `secondRate`, without weight
        /// decay.
        TWO_STAGE,
        /// Linear decay from `rate` to 0.
        LINEAR,
        /// Half a cosine from `rate` to a tenth of it.
        COSINE
    }

    static Recipe read(Section section, Arm arm, int hiddenSize, int context) {
        int length = (int) section.whole("length", 2, context, context);
        int batch = (int) section.whole("batch", 1, 1 << 20);
        int micro = (int) section.whole("micro_batch", 1, batch, batch);
        if (batch % micro != 0) {
            throw section.problem("micro_batch", "a divisor of batch = " + batch);
        }
        long tokensPerStep = (long) batch * length;
        long steps = section.has("steps")
                ? section.whole("steps", 1, 1_000_000_000)
                : Math.max(1, section.whole("tokens", 1, Long.MAX_VALUE) / tokensPerStep);
        Schedule schedule = section.choice("schedule", Map.of("two-stage", Schedule.TWO_STAGE, "linear",
                Schedule.LINEAR, "cosine", Schedule.COSINE), arm == Arm.LLAMA ? "linear" : "two-stage");
        double rate = section.number("rate", 0, 10, arm.rate(hiddenSize));
        return new Recipe(steps, batch, micro, length, schedule, rate,
                section.number("second_rate", 0, 10, rate * arm.secondRate(hiddenSize) / arm.rate(hiddenSize)),
                section.number("weight_decay", 0, 10, 0.1),
                section.whole("warm_up", 0, steps, Math.min(375, steps / 10)), section.whole("cool_down", 0, steps, 0),
                section.number("beta1", 0, 1, 0.9),
                section.number("beta2", 0, 1, 0.95), section.number("clip", 1e-9, 1e9, 1),
                section.choice("precision", Map.of("bf16", Precision.BFLOAT16, "fp32", Precision.FLOAT32), "bf16"),
                section.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE, 1));
    }

    /// The learning rate of step `step`, counted from 0.
    public double rateAt(long step) {
        long left = steps - step;
        return left >= coolDown ? scheduledRate(step) : scheduledRate(steps - coolDown) * left / coolDown;
    }

    private double scheduledRate(long step) {
        if (step < warmUp) {
            return rate * (step + 1) / warmUp;
        }
        double progress = (double) (step - warmUp) / Math.max(1, steps - warmUp);
        return switch (schedule) {
            case TWO_STAGE -> (isSecondStage(step) ? secondRate : rate) * (1 - progress);
            case LINEAR -> rate * (1 - progress);
            case COSINE -> rate * (0.1 + 0.45 * (1 + Math.cos(Math.PI * progress)));
        };
    }

    /// The weight decay of step `step`.
    public double decayAt(long step) {
        return schedule == Schedule.TWO_STAGE && isSecondStage(step) ? 0 : decay;
    }

    private boolean isSecondStage(long step) {
        return step >= steps / 2;
    }

    /// The same with another peak rate of the first stage; that of the second keeps its ratio to it.
    public Recipe withRate(double peak) {
        return new Recipe(steps, batch, microBatch, length, schedule, peak, rate == 0 ? peak : peak * secondRate / rate,
                decay, warmUp, coolDown, beta1, beta2, clip, precision, seed);
    }

    /// The same schedule over other many steps; the warm-up shrinks with them, and does not grow.
    public Recipe withSteps(long count) {
        long shorter = Math.min(warmUp, Math.max(1, warmUp * count / steps));
        return new Recipe(count, batch, microBatch, length, schedule, rate, secondRate, decay, shorter,
                coolDown * count / steps, beta1, beta2, clip, precision, seed);
    }

    /// Tokens of one step.
    public long tokensPerStep() {
        return (long) batch * length;
    }
}
