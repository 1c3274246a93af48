/** JMH benchmarks of the client beside bare Jedis, and the program that runs them. */
@NullMarked
package ai.tatbot.state.bench;

import org.jspecify.annotations.NullMarked;
