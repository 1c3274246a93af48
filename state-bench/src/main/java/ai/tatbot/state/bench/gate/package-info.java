/** The gate: measures in interleaved rounds, compares with bare Jedis, and fails when a target is missed. */
@NullMarked
package ai.tatbot.state.bench.gate;

import org.jspecify.annotations.NullMarked;
