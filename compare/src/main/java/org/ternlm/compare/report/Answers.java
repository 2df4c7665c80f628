package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.figure.Frontier;
import org.ternlm.compare.figure.Interval;
import org.ternlm.compare.figure.LineFit;
import org.ternlm.compare.figure.Spread;
import org.ternlm.compare.report.Block.Answer;
import org.ternlm.compare.report.Picture.Point;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.Result;
import org.ternlm.compare.step.Results;

/// The questions that the paper's readers ask, answered by what was measured.
record Answers(Findings findings) {
    private static final String OVERLAP = "not to be told apart from noise";

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("What comes out"));
        blocks.add(doesMemoryDouble());
        blocks.add(doesTheZeroCostTime());
        blocks.add(doesTheThirdValueImprove());
        blocks.add(isItAsGoodAsFullPrecision());
        blocks.add(canOneHaveFewerBits());
        blocks.add(mustItBeTrainedFromScratch());
        blocks.add(whatIsBestForItsMemory());
        blocks.add(isItFaster());
        blocks.add(areInputsZero());
        return blocks;
    }

    /// A pair of measurements: b158, and another.
    private record Pair(String where, OptionalDouble b158, OptionalDouble other, boolean overlap, List<String> files) {
        OptionalDouble ratio() {
            return Geometry.ratio(b158, other);
        }
    }

    private interface Measured {
        OptionalDouble of(Timing timing);
    }

    /// The largest published shape with both kinds, or the largest trained size.
    private Optional<Pair> pair(String kind, Arm arm, Measured measured) {
        List<Geometry> all = Geometry.all(findings);
        for (Geometry one : all.reversed()) {
            Optional<Geometry> other = Geometry.find(all, one.name(), kind);
            Optional<Geometry> b158 = Geometry.find(all, one.name(), "b158");
            if (b158.isPresent() && other.isPresent()) {
                return Optional.of(new Pair("the shape " + one.name() + " with random weights",
                        measured.of(b158.get().timing()), measured.of(other.get().timing()),
                        b158.get().timing().overlaps(other.get().timing()),
                        List.of(b158.get().file(), other.get().file())));
            }
        }
        String set = findings.firstSet();
        return findings.largest(set, List.of(Arm.B158, arm), model -> measured.of(model.timing()).isPresent())
                .map(size -> {
                    Model b158 = findings.model(set, size, Arm.B158);
                    Model other = findings.model(set, size, arm);
                    return new Pair("size " + size, measured.of(b158.timing()), measured.of(other.timing()),
                            b158.timing().overlaps(other.timing()), List.of(b158.file(Kind.BENCH),
                                    other.file(Kind.BENCH)));
                });
    }

    private Answer doesMemoryDouble() {
        String question = "Does the memory double against ±1?";
        return pair("b1", Arm.B1, Timing::weightBytes).map(pair -> {
            double ratio = pair.ratio().orElseThrow();
            PackingSection packing = new PackingSection(findings);
            OptionalDouble three = packing.atRunTime(Arm.B158);
            OptionalDouble two = packing.atRunTime(Arm.B1);
            String linear = three.isPresent() && two.isPresent()
                    ? " Linear layers alone, as Tern runs the largest trained size: %s bits a weight against %s."
                            .formatted(Numbers.fixed(
                                    three.getAsDouble(), 2), Numbers.fixed(two.getAsDouble(), 2))
                    : "";
            return new Answer(question, ratio >= 1.9 ? "yes" : "no",
                    "At %s a token reads %s of weights, head included, against %s: %s.%s"
                            .formatted(pair.where, Numbers.orNone(pair.b158, Numbers::bytes),
                                    Numbers.orNone(pair.other, Numbers::bytes), Numbers
                                            .times(ratio),
                                    linear),
                    pair.files);
        }).orElseGet(() -> Answer.notMeasured(question, "timed models of both arms"));
    }

    private Answer doesTheZeroCostTime() {
        String question = "Does the zero cost time?";
        return pair("b1", Arm.B1, Timing::msPerToken).map(pair -> {
            double ratio = pair.ratio().orElseThrow();
            String verdict = pair.overlap ? OVERLAP : ratio > 1 ? "yes" : "no, it is faster";
            return new Answer(question, verdict,
                    "At %s a token takes %s ms with -1, 0, +1 and %s ms with ±1: %s as long.".formatted(
                            pair.where, Numbers.orNone(pair.b158, Numbers::three),
                            Numbers.orNone(pair.other, Numbers::three), Numbers.times(
                                    ratio)),
                    pair.files);
        }).orElseGet(() -> Answer.notMeasured(question, "timed models of both arms"));
    }

    private Answer doesTheThirdValueImprove() {
        return better("Does the third value improve the model?", Arm.B1);
    }

    private Answer isItAsGoodAsFullPrecision() {
        return better("Is BitNet b1.58 as good as full precision of the same size?", Arm.LLAMA);
    }

    /// Whether b158 has a smaller loss than another arm: by the largest size, then by all others, seeds and slope.
    private Answer better(String question, Arm other) {
        String set = findings.firstSet();
        LossSection losses = new LossSection(findings);
        Optional<String> size = findings.largest(set, List.of(Arm.B158, other), model -> model.loss().isPresent());
        if (size.isEmpty()) {
            return Answer.notMeasured(question, "trained and scored models of both arms");
        }
        Interval difference = losses.difference(set, size.get(), Arm.B158, other).orElseThrow();
        List<String> further = new ArrayList<>();
        List<String> files = new ArrayList<>();
        for (String one : findings.sizes()) {
            losses.difference(set, one, Arm.B158, other).ifPresent(found -> {
                files.add(findings.model(set, one, Arm.B158).file(Kind.LOSS));
                files.add(findings.model(set, one, other).file(Kind.LOSS));
                if (!one.equals(size.get())) {
                    further.add("%s %s".formatted(one, found.signedText(3)));
                }
            });
        }
        StringBuilder text = new StringBuilder(
                "At %s its loss differs by %s nats a token from that of %s (below 0: BitNet b1.58 is better)."
                        .formatted(
                                size.get(), difference.signedText(3), other.title()));
        text.append(further.isEmpty() ? "" : " Other sizes: " + String.join("; ", further) + ".");
        Optional<Spread> seeds = losses.betweenSeeds(Arm.B158, other);
        seeds.ifPresent(
                spread -> text.append(" Over %d seeds at %s: %s.".formatted(spread.count(), findings.experiment().path(
                        "seeded_size").asText(), spread.mean().signedText(3))));
        Optional<LineFit> fit = losses.fit(set, Arm.B158, Optional.of(other));
        fit.ifPresent(
                line -> text.append(" For ten times the weights the difference changes by %s.".formatted(line.slope()
                        .signedText(3))));
        return new Answer(question, verdict(difference, seeds, other), text.toString(), files);
    }

    /// What a difference says; smaller than what seeds alone do, it says nothing.
    static String verdict(Interval difference, Optional<Spread> seeds, Arm other) {
        boolean isNoise = seeds.isPresent() && Math.abs(difference.value()) < 2 * seeds.get().deviation();
        if (!difference.excludesZero() || isNoise) {
            return isNoise && difference.excludesZero()
                    ? "not to be told apart from other seeds"
                    : "not to be told apart";
        }
        if (other == Arm.LLAMA) {
            return difference.value() < 0 ? "yes, better" : "no";
        }
        return difference.value() < 0 ? "yes" : "no, it is worse";
    }

    private Answer canOneHaveFewerBits() {
        String question = "Can one have 1.58 bits?";
        Optional<Result> counted = PackingSection.counted(findings);
        if (counted.isEmpty()) {
            return Answer.notMeasured(question, "the step packings");
        }
        JsonNode bits = counted.get().values().path("bits_per_weight");
        String best = "";
        double least = Double.POSITIVE_INFINITY;
        for (var packing : bits.properties()) {
            if (packing.getValue().asDouble() < least) {
                least = packing.getValue().asDouble();
                best = packing.getKey().equals("folder") ? "a Hugging Face folder" : packing.getKey();
            }
        }
        JsonNode entropy = counted.get().values().path("trits").path("entropy_bits");
        OptionalDouble run = new PackingSection(findings).atRunTime(Arm.B158);
        return new Answer(question, least < 1.585 ? "yes" : "not in any packing here",
                "The smallest, %s, takes %s bits a weight, scales included; log₂ 3 is %s%s.%s"
                        .formatted(best, Numbers.fixed(least, 3), Numbers.fixed(Paper.BITS_OF_A_TRIT, 3),
                                entropy.isNumber()
                                        ? ", the entropy of this model's weights "
                                                + Numbers.fixed(entropy.asDouble(), 3)
                                        : "",
                                run.isPresent()
                                        ? " As Tern runs the model: " + Numbers.fixed(run.getAsDouble(), 2)
                                                + ", with what fills small matrices up."
                                        : ""),
                List.of(Results.fileName(counted.get().id())));
    }

    private Answer mustItBeTrainedFromScratch() {
        String question = "Must it be trained from scratch?";
        SpectrumSection spectrum = new SpectrumSection(findings);
        List<Point> retrained = spectrum.retrained();
        List<SpectrumSection.Entry> entries = spectrum.entries();
        Optional<SpectrumSection.Entry> scratch = entries.stream()
                .filter(one -> one.name().equals("BitNet b1.58, trained"))
                .findFirst();
        Optional<SpectrumSection.Entry> rounded = entries.stream()
                .filter(one -> one.name().endsWith("rounded to ternary") && one
                        .loss().isPresent())
                .findFirst();
        if (retrained.isEmpty() || scratch.isEmpty()) {
            return Answer.notMeasured(question, "the steps form and retrain, and a trained BitNet b1.58 beside them");
        }
        double target = scratch.get().nats();
        Optional<Point> reached = retrained.stream().filter(point -> point.y() <= target).findFirst();
        Point last = retrained.getLast();
        String what = reached
                .map(point -> "a LLaMA trained again for %s tokens reaches %s".formatted(Numbers.count(point.x()),
                        Numbers
                                .fixed(point.y(), 3)))
                .orElseGet(() -> "a LLaMA trained again for %s tokens comes to %s".formatted(Numbers.count(last.x()),
                        Numbers.fixed(last.y(), 3)));
        List<String> files = new ArrayList<>();
        findings.of(Kind.RETRAIN).forEach(result -> files.add(Results.fileName(result.id())));
        files.add(scratch.get().file());
        return new Answer(question, reached.isPresent() ? "no" : "as far as it was tried, yes",
                "BitNet b1.58 from scratch has %s nats a token%s; %s. The LLaMA had seen %s tokens before.".formatted(
                        Numbers.fixed(target,
                                3),
                        rounded.map(one -> ", a LLaMA merely rounded " + Numbers.fixed(one.nats(), 3)).orElse(""), what,
                        Numbers
                                .count(findings.experiment().path("recipe").path("tokens").asDouble())),
                files);
    }

    private Answer whatIsBestForItsMemory() {
        String question = "What should I run in so many bytes?";
        String set = findings.firstSet();
        List<FrontierSection.Candidate> candidates = new FrontierSection(findings).candidates(set);
        if (candidates.size() < 2) {
            return Answer.notMeasured(question, "at least two scored and packed models");
        }
        List<FrontierSection.Candidate> best = Frontier.of(candidates, FrontierSection.Candidate::bytes,
                FrontierSection.Candidate::nats);
        long ternary = best.stream().filter(one -> one.color() == Arm.B158.ordinal()).count();
        return new Answer(question, "BitNet b1.58 has %d of %d places on the frontier".formatted(ternary, best.size()),
                String.join(
                        "; ",
                        best.stream()
                                .map(one -> "%s: %s, %s nats".formatted(Numbers.bytes(one.bytes()), one.name(),
                                        Numbers.fixed(one
                                                .nats(), 3)))
                                .toList())
                        + ".",
                findings.models(set).stream().map(model -> model.file(Kind.LOSS)).toList());
    }

    private Answer isItFaster() {
        String question = "Is it faster than LLaMA in float16, as on the paper's GPU?";
        return pair("f16", Arm.LLAMA, Timing::msPerToken).map(pair -> {
            double ratio = 1 / pair.ratio().orElseThrow();
            return new Answer(question, pair.overlap ? OVERLAP : ratio > 1 ? "yes" : "no, it is slower",
                    "At %s a token takes %s ms against %s: %s as fast here. The paper's GPU had 1.23 times (700M) to 4.10 times (70B)."
                            .formatted(pair.where, Numbers.orNone(pair.b158, Numbers::three),
                                    Numbers.orNone(pair.other, Numbers::three),
                                    Numbers.times(ratio)),
                    pair.files);
        }).orElseGet(() -> Answer.notMeasured(question, "timed models of both arms"));
    }

    private Answer areInputsZero() {
        String question = "Are over 80 % of the inputs of down projections 0, as the authors say?";
        String set = findings.firstSet();
        Optional<String> size = findings.largest(set, List.of(Arm.B158),
                model -> !WeightSection.zeros(model).isEmpty());
        if (size.isEmpty()) {
            return Answer.notMeasured(question, "a profiled BitNet b1.58");
        }
        Model model = findings.model(set, size.get(), Arm.B158);
        double share = WeightSection.mean(WeightSection.zeros(model));
        JsonNode styles = findings.experiment().path("sets").path(0).path("styles").path(Arm.B158.configName());
        return new Answer(question, share > 0.8 ? "yes" : "no",
                "%s of them are 0 after rounding at size %s, with the activation %s."
                        .formatted(Numbers.percent(share), size.get(), styles.path("activation").asText()),
                List.of(model.file(
                        Kind.PROFILE)));
    }
}
