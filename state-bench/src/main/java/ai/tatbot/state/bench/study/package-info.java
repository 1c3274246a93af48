/** The measurement and the tests behind decision 0001: how one update is written atomically. */
@NullMarked
package ai.tatbot.state.bench.study;

import org.jspecify.annotations.NullMarked;
