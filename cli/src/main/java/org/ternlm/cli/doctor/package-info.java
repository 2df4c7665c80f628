/// `tern doctor`: what tern finds on this machine. A [org.ternlm.cli.doctor.Examination] finds, a
/// [org.ternlm.cli.doctor.Report] shows.
@NullMarked
package org.ternlm.cli.doctor;

import org.jspecify.annotations.NullMarked;
