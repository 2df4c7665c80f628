package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.config.ArmSet;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Size;
import org.ternlm.compare.config.Style;

/// Puts an experiment among its results, so that these say by themselves what they are of.
final class Description {
    private Description() {}

    /// Everything that a report says of a configuration, and the names of all steps.
    static ObjectNode of(Experiment experiment, List<Step> steps) {
        ObjectNode node = Measuring.values();
        node.put("name", experiment.name()).put("configuration", experiment.file().getFileName().toString());
        for (Size size : experiment.sizes()) {
            ObjectNode shape = node.withArray("sizes").addObject();
            shape.put("name", size.name()).put("hidden", size.hidden()).put("feed_forward", size.feedForward())
                    .put("layers",
                            size.layers())
                    .put("heads", size.heads()).put("key_value_heads", size.keyValueHeads()).put(
                            "linear_weights", size.linearWeights());
        }
        experiment.arms().forEach(arm -> node.withArray("arms").add(arm.configName()));
        for (ArmSet set : experiment.sets()) {
            ObjectNode styles = node.withArray("sets").addObject().put("name", set.configName())
                    .put("title", set.title())
                    .putObject("styles");
            for (Arm arm : experiment.arms()) {
                Style style = experiment.style(set, arm);
                styles.putObject(arm.configName()).put("activation", style.activation())
                        .put("sub_norms", style.subNorms())
                        .put("tied_head", style.tiedHead());
            }
        }
        experiment.seeds().forEach(seed -> node.withArray("seeds").add(seed));
        node.put("seeded_size", experiment.seeded().name());
        node.putObject("recipe").put("tokens", experiment.recipe().tokens()).put("steps", experiment.recipe().steps())
                .put(
                        "batch", experiment.recipe().batch())
                .put("length", experiment.recipe().length()).put("precision", experiment
                        .recipe().precision())
                .put("schedule", experiment.recipe().schedule());
        node.put("swept_at", experiment.sweptAt().map(Size::name).orElse("each")).put("sweep_steps", experiment
                .sweepSteps());
        experiment.texts().sources().forEach(path -> node.withArray("sources").add(name(path)));
        experiment.texts().validation().forEach(path -> node.withArray("validation").add(name(path)));
        experiment.spectrum()
                .ifPresent(spectrum -> node.putObject("spectrum").put("set", spectrum.set().configName()).put(
                        "size", spectrum.size().name()).put("turn_share", spectrum.turnShare()));
        steps.forEach(step -> node.withArray("steps").add(step.id()));
        return node;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
