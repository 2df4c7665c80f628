/// Pictures of numbers: a [org.ternlm.charts.LineChart] of [curves][org.ternlm.charts.Curve], as SVG and PNG.
///
/// ```
/// LineChart.of("Loss", Axis.linear("step"), Axis.linear("nats per token"))
///         .with(Curve.line("training", steps, losses))
///         .write(Path.of("loss.svg"));
/// ```
///
/// XChart lays out the axes and places the curves; it paints into a list of shapes
/// (`Drawing`), from which both formats are XX
@NullMarked
package org.ternlm.charts;

import org.jspecify.annotations.NullMarked;
