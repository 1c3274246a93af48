package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** After a break, however it came about, nobody is found dead until everyone could have given a sign of life. */
class ContactTest {
    private static final long START = 1_795_400_000_000L;

    private final Contact contact = new Contact(Duration.ofSeconds(2));

    private void looks(long from, long to) {
        for (long second = from; second <= to; second++) {
            contact.made(START + second * 1_000);
        }
    }

    @Test
    void itIsHeldWhileLooksComeInTime() {
        looks(0, 0);
        assertThat(contact.isNew()).isTrue();
        assertThat(contact.heldMillis()).isZero();
        looks(1, 10);
        assertThat(contact.isNew()).isFalse();
        assertThat(contact.heldMillis()).isEqualTo(10_000);
    }

    @Test
    void aFailedLookALateOneOrAClockThatIsSetBackIsABreak() {
        looks(0, 10);
        contact.lost();
        looks(11, 12);
        assertThat(contact.heldMillis()).isEqualTo(1_000);
        looks(16, 17);
        assertThat(contact.heldMillis()).isEqualTo(1_000);
        looks(5, 6);
        assertThat(contact.heldMillis()).isEqualTo(1_000);
    }

    @Test
    void aNodeIsOfflineOnlyAfterThreeHeartbeatsOfUnbrokenContact() {
        NodeLiveness hog = new NodeLiveness(
                NodeLiveness.ONLINE, Instant.ofEpochMilli(START), "another", "", Long.toString(START), "10000");
        SeenNode seen = new SeenNode("hog", hog, null, "");
        looks(0, 29);
        assertThat(NodeTurns.of(seen, Instant.ofEpochMilli(START + 29_000), contact))
                .isEmpty();
        looks(30, 30);
        assertThat(NodeTurns.of(seen, Instant.ofEpochMilli(START + 30_000), contact))
                .isPresent();
        contact.lost();
        looks(100, 129);
        assertThat(NodeTurns.of(seen, Instant.ofEpochMilli(START + 129_000), contact))
                .isEmpty();
        looks(130, 130);
        assertThat(NodeTurns.of(seen, Instant.ofEpochMilli(START + 130_000), contact))
                .isPresent();
    }
}
