package org.ternlm.eval.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.eval.task.Item;
import org.ternlm.eval.task.Measure;

class StatisticsTest {
    /// The examples of Newcombe 1998, table I, method 3.
    @ParameterizedTest
    @CsvSource({"81,263,0.2553,0.3662", "15,148,0.0624,0.1605", "0,20,0.0000,0.1611", "1,29,0.0061,0.1718"})
    void wilsonsIntervalIsThatOfTheLiterature(int right, int count, double low, double high) {
        Interval interval = new Share(right, count).interval();
        assertThat(interval.low()).isCloseTo(low, within(5e-5));
        assertThat(interval.high()).isCloseTo(high, within(5e-5));
    }

    @Test
    void theErrorOfAShareIsThatOfTheMeanOfItsZerosAndOnes() {
        Mean mean = new Mean();
        for (int i = 0; i < 50; i++) {
            mean.add(i < 13 ? 1 : 0);
        }
        Share share = new Share(13, 50);
        assertThat(share.value()).isEqualTo(0.26);
        assertThat(share.standardError()).isCloseTo(mean.standardError(), within(1e-15)).isCloseTo(0.06266203, within(
                1e-8));
        assertThatThrownBy(() -> new Share(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Share(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theErrorOfAMeanComesFromTheSampleVariance() {
        Mean mean = new Mean();
        assertThat(mean.value()).isNaN();
        for (double value : new double[] {1e9 + 2, 1e9 + 4, 1e9 + 4, 1e9 + 4, 1e9 + 5, 1e9 + 5, 1e9 + 7, 1e9 + 9}) {
            mean.add(value);
        }
        assertThat(mean.value()).isEqualTo(1e9 + 5);
        assertThat(mean.standardError()).isCloseTo(Math.sqrt(32.0 / 7 / 8), within(1e-8));
        assertThat(mean.interval().high() - mean.value()).isCloseTo(1.959964 * mean.standardError(), within(1e-5));
        assertThat(mean.sum()).isEqualTo(8e9 + 40);
    }

    /// By raw sum the second wins, per character the first, per byte the third, per token the fourth, and against its
    /// own likelihood the fifth.
    @Test
    void eachNormalisationPicksByItsOwnLength() {
        List<Answer> answers = List.of(new Answer("ten letter", -10, 4, false, -10.0),
                new Answer("ab", -3, 1, false, -1.0), new Answer("ééééé", -5.5, 2, false, -4.0),
                new Answer("cdefg", -8, 10, false, -8.0), new Answer("hi", -4, 1, true, -9.0));
        ItemResult result = new ItemResult(new Item("0", Map.of(), List.of("a", "b", "c", "d", "e"), 2), answers,
                false);
        assertThat(result.picked(Measure.RAW)).isEqualTo(1);
        assertThat(result.picked(Measure.CHARACTER)).isEqualTo(0);
        assertThat(result.picked(Measure.BYTE)).isEqualTo(2);
        assertThat(result.picked(Measure.TOKEN)).isEqualTo(3);
        assertThat(result.picked(Measure.UNCONDITIONAL)).isEqualTo(4);
        assertThat(result.isRight(Measure.BYTE)).isTrue();
        assertThat(new Answer("😀é", -6, 1, false, null).value(Measure.CHARACTER)).isEqualTo(-3);
        assertThat(new Answer("😀é", -6, 1, false, null).value(Measure.BYTE)).isEqualTo(-1);
        assertThatThrownBy(() -> new Answer("a", -1, 1, false, null).value(Measure.UNCONDITIONAL)).isInstanceOf(
                IllegalStateException.class);
    }

    @Test
    void ofEqualAnswersTheFirstIsPicked() {
        Answer answer = new Answer("same", -2, 1, false, null);
        ItemResult result = new ItemResult(new Item("0", Map.of(), List.of("same", "same"), 1), List.of(answer,
                answer), false);
        assertThat(result.picked(Measure.RAW)).isZero();
    }

    @Test
    void bitsPerByteCountTheBytesOfWhatWasScored() {
        Mean nats = new Mean();
        nats.add(Math.log(2));
        nats.add(3 * Math.log(2));
        TextLoss loss = new TextLoss(nats, 8, 4);
        assertThat(loss.bitsPerByte()).isCloseTo(0.5, within(1e-15));
        assertThat(loss.perplexity()).isCloseTo(4, within(1e-12));
        assertThat(loss.wordPerplexity()).isCloseTo(2, within(1e-12));
        assertThat(loss.bitsPerByteError()).isCloseTo(0.25, within(1e-12));
        assertThat(loss.perplexityError()).isCloseTo(4 * Math.log(2), within(1e-12));
        assertThat(new TextLoss(nats, 8, 0).wordPerplexity()).isNaN();
    }
}
