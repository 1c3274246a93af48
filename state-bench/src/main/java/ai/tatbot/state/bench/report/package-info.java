/** What the suite found, as Markdown, JSON and plots. */
@NullMarked
package ai.tatbot.state.bench.report;

import org.jspecify.annotations.NullMarked;
