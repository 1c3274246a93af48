/** What an offer to the publisher costs a control loop while its Redis is well, frozen, and gone. */
@NullMarked
package ai.tatbot.state.bench.offer;

import org.jspecify.annotations.NullMarked;
