/** The gate of CI: ratios and exact counts, against limits kept in a file, and the faults that prove that it catches them. */
@NullMarked
package ai.tatbot.state.bench.limits;

import org.jspecify.annotations.NullMarked;
