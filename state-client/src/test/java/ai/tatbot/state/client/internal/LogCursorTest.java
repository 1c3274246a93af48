package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader of the log counts what it can never get. */
class LogCursorTest {
    private final LogCursor cursor = new LogCursor("5-0", 57);

    @Test
    void theNextEntryMissesNothing() {
        assertThat(cursor.isNext(58, 0)).isTrue();
        assertThat(cursor.advance("6-0", 58, 0)).isZero();
        assertThat(cursor.id()).isEqualTo("6-0");
        assertThat(cursor.isBehind("6-0")).isFalse();
        assertThat(cursor.isBehind("6-1")).isTrue();
        assertThat(cursor.isBehind("10-0")).isTrue();
    }

    @Test
    void aGapIsWhatTheLogHasDropped() {
        assertThat(cursor.isNext(61, 0)).isFalse();
        assertThat(cursor.advance("9-0", 61, 0)).isEqualTo(3);
        assertThat(cursor.advance("9-1", 62, 0)).isZero();
    }

    @Test
    void aLostLogIsCountedByWhatItsWritersKnow() {
        assertThat(cursor.isNext(1_000_001, 58)).isFalse();
        assertThat(cursor.advance("9-0", 1_000_001, 58)).isEqualTo(1);
        assertThat(cursor.advance("9-1", 1_000_002, 60)).isEqualTo(2);
        assertThat(cursor.advance("9-2", 1_000_003, 59)).isZero();
        assertThat(cursor.advance("9-3", 1_000_004, 0)).isZero();
    }

    @Test
    void partOfTheNewLogMayBeMissingAsWell() {
        assertThat(cursor.advance("9-0", 1_000_004, 0)).isEqualTo(3);
        assertThat(cursor.advance("9-1", 1_000_005, 60)).isEqualTo(3);
    }

    @Test
    void aLogThatCameAndWentMeanwhileIsLostAsAWhole() {
        assertThat(cursor.advance("9-0", 2_000_001, 1_000_007)).isEqualTo(7);
    }

    @Test
    void whatWasBeforeTheReaderIsNotLost() {
        LogCursor late = new LogCursor(LogCursor.BEGINNING, 0);
        assertThat(late.advance("9-0", 1_000_001, 60)).isZero();
        assertThat(late.advance("9-1", 1_000_002, 0)).isZero();
    }

    @Test
    void theLogCrossesAMillionWithoutALoss() {
        LogCursor old = new LogCursor("5-0", 999_999);
        assertThat(old.advance("6-0", 1_000_000, 0)).isZero();
        assertThat(old.advance("7-0", 1_000_001, 0)).isZero();
    }

    @Test
    void entriesOfAnotherHandCountNothing() {
        assertThat(cursor.isNext(0, 0)).isTrue();
        assertThat(cursor.advance("6-0", 0, 0)).isZero();
        assertThat(cursor.advance("7-0", 58, 0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1-0, 1-0, 0",
        "1-1, 1-0, 1",
        "9-9, 10-0, -1",
        "10-10, 10-9, 1",
        "18446744073709551615-0, 9-0, 1",
        "1-18446744073709551615, 1-9, 1",
    })
    void idsAreNumbers(String one, String other, int sign) {
        assertThat(Integer.signum(LogEntry.compare(one, other))).isEqualTo(sign);
    }
}
