/** The suite: everything that is measured beside its yardsticks, a section at a time, and judged against the goals. */
@NullMarked
package ai.tatbot.state.bench.suite;

import org.jspecify.annotations.NullMarked;
