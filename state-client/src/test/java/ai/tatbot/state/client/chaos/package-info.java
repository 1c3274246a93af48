/** Random faults against watches and mirrors: the proof that what they call live is so, and that no transition goes missing untold. */
@NullMarked
package ai.tatbot.state.client.chaos;

import org.jspecify.annotations.NullMarked;
