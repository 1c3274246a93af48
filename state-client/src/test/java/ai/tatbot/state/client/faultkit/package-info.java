/** Real Redis servers to test against, and real faults to put them through. Packed as a test-jar, for applications' tests too. */
@NullMarked
package ai.tatbot.state.client.faultkit;

import org.jspecify.annotations.NullMarked;
