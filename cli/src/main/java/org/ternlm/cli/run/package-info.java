/// `tern run`: continues a prompt. [org.ternlm.cli.run.RunCommand] takes the arguments,
/// [org.ternlm.cli.run.TextStream] shows the text as it comes, [org.ternlm.cli.run.RunReport] tells what it took.
@NullMarked
package org.ternlm.cli.run;

import org.jspecify.annotations.NullMarked;
