package org.ternlm.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Learning rates and weight decays, step by step.
class RecipeTest {
    @TempDir
    Path folder;

    private Recipe recipe(String more) throws IOException {
        Path file = folder.resolve("recipe.yaml");
        Files.writeString(file, """
                name: any
                model: {arm: b158, hidden: 32, feed_forward: 64, layers: 2, heads: 4, context: 32}
                tokenizer: {vocabulary: 300}
                data: {sources: text}
                recipe: {steps: 100, batch: 4, rate: 0.01, second_rate: 0.004, warm_up: 10%s}
                """.formatted(more));
        return TrainConfig.read(file).recipe();
    }

    @Test
    void twoStagesDropAtHalfAndEndNearNothing() throws IOException {
        Recipe recipe = recipe("");
        assertThat(recipe.rateAt(0)).isCloseTo(0.001, within(1e-12));
        assertThat(recipe.rateAt(9)).isCloseTo(0.01, within(1e-12));
        assertThat(recipe.rateAt(49)).isCloseTo(0.01 * (1 - 39 / 90.0), within(1e-12));
        assertThat(recipe.rateAt(50)).isCloseTo(0.004 * (1 - 40 / 90.0), within(1e-12));
        assertThat(recipe.rateAt(99)).isCloseTo(0.004 / 90, within(1e-12));
        assertThat(recipe.decayAt(49)).isEqualTo(0.1);
        assertThat(recipe.decayAt(50)).isZero();
    }

    @Test
    void cosineEndsAtATenthAndCoolsDownToNothing() throws IOException {
        assertThat(recipe(", schedule: cosine").rateAt(99)).isCloseTo(0.001, within(1e-5));
        Recipe cooled = recipe(", schedule: cosine, cool_down: 20");
        double before = recipe(", schedule: cosine").rateAt(80);
        assertThat(cooled.rateAt(79)).isGreaterThan(before);
        assertThat(cooled.rateAt(80)).isCloseTo(before, within(1e-12));
        assertThat(cooled.rateAt(90)).isCloseTo(before / 2, within(1e-12));
        assertThat(cooled.rateAt(99)).isCloseTo(before / 20, within(1e-12));
        assertThat(cooled.decayAt(99)).isEqualTo(0.1);
    }

    @Test
    void aShorterRunHasTheSameScheduleInLess() throws IOException {
        Recipe whole = recipe(", cool_down: 20");
        Recipe tenth = whole.withSteps(10).withRate(0.02);
        assertThat(tenth.warmUp()).isEqualTo(1);
        assertThat(tenth.coolDown()).isEqualTo(2);
        assertThat(tenth.secondRate()).isCloseTo(0.008, within(1e-12));
        assertThat(tenth.rateAt(0)).isCloseTo(0.02, within(1e-12));
    }
}
