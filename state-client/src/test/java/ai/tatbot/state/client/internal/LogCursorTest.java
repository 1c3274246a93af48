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
        LogCursor ofAnEmptyLog = new LogCursor(LogCursor.BEGINNING, 0);
        assertThat(ofAnEmptyLog.isNext(100_001, 0)).isTrue();
        assertThat(ofAnEmptyLog.isNext(100_002, 0)).isFalse();
    }

    @Test
    void aGapIsWhatTheLogHasDropped() {
        assertThat(cursor.isNext(61, 0)).isFalse();
        assertThat(cursor.advance("9-0", 61, 0)).isEqualTo(3);
        assertThat(cursor.advance("9-1", 62, 0)).isZero();
    }

    @Test
    void aLostLogIsCountedByWhatItsWritersKnow() {
        assertThat(cursor.isNext(100_001, 58)).isFalse();
        assertThat(cursor.advance("9-0", 100_001, 58)).isEqualTo(1);
        assertThat(cursor.advance("9-1", 100_002, 60)).isEqualTo(2);
        assertThat(cursor.advance("9-2", 100_003, 59)).isZero();
        assertThat(cursor.advance("9-3", 100_004, 0)).isZero();
    }

    @Test
    void partOfTheNewLogMayBeMissingAsWell() {
        assertThat(cursor.advance("9-0", 100_004, 0)).isEqualTo(3);
        assertThat(cursor.advance("9-1", 100_005, 60)).isEqualTo(3);
    }

    @Test
    void aLogThatCameAndWentMeanwhileIsLostAsAWhole() {
        assertThat(cursor.advance("9-0", 200_001, 100_007)).isEqualTo(7);
    }

    @Test
    void whatWasBeforeTheReaderIsNotLost() {
        LogCursor late = new LogCursor(LogCursor.BEGINNING, 0);
        assertThat(late.advance("9-0", 100_001, 60)).isZero();
        assertThat(late.advance("9-1", 100_002, 0)).isZero();
    }

    @Test
    void aLogThatCrossesAnEpochGoesOn() {
        LogCursor old = new LogCursor("5-0", 99_999);
        assertThat(old.advance("6-0", 100_000, 0)).isZero();
        assertThat(old.advance("7-0", 100_001, 99_998)).isZero();
        assertThat(old.advance("8-0", 100_003, 0)).as("one is missing").isEqualTo(1);
        LogCursor away = new LogCursor("5-0", 99_990);
        assertThat(away.advance("6-0", 100_001, 99_985)).as("ten are missing").isEqualTo(10);
    }

    @Test
    void aNumberOfThisLogIsNotLostThoughItsWriterWasAwayForAnEpoch() {
        LogCursor old = new LogCursor("5-0", 99_999);
        old.advance("6-0", 1_700_001, 99_999);
        for (long seq = 1_700_002; seq <= 1_900_010; seq++) {
            assertThat(old.advance("7-" + seq, seq, 0)).isZero();
        }
        assertThat(old.advance("8-0", 1_900_011, 1_700_007)).isZero();
    }

    @Test
    void afterAFailoverItGoesOnAtTheEnd() {
        cursor.goBackTo(new LogCursor("4-0", 55));
        assertThat(cursor.id()).isEqualTo("4-0");
        assertThat(cursor.advance("6-0", 100_001, 60)).as("58, 59 and 60").isEqualTo(3);
    }

    @Test
    void aLogUnderAnEarlierClockIsReadFromItsBeginning() {
        LogCursor late = new LogCursor("9-0", 900_057);
        late.goBackTo(new LogCursor("4-0", 700_003));
        assertThat(late.id()).isEqualTo(LogCursor.BEGINNING);
        assertThat(late.advance("3-0", 700_001, 0)).isZero();
        assertThat(late.advance("3-1", 700_002, 0)).isZero();
        assertThat(late.advance("4-0", 700_003, 0)).isZero();
        assertThat(late.advance("5-0", 1_000_001, 900_059)).isEqualTo(2);
    }

    @Test
    void aLogThatGoesOnUnderAnEarlierClockIsNotToldAgain() {
        LogCursor reader = new LogCursor("50-0", 900_050);
        reader.goBackTo(new LogCursor("46-0", 1_100_001));
        assertThat(reader.passesOver("40-0", 900_040)).isTrue();
        assertThat(reader.passesOver("45-0", 900_045)).isTrue();
        assertThat(reader.passesOver("46-0", 1_100_001)).isFalse();
        assertThat(reader.advance("46-0", 1_100_001, 900_052)).isEqualTo(2);
        assertThat(reader.passesOver("47-0", 900_046)).as("only once").isFalse();
    }

    @Test
    void anEmptyLogIsReadFromItsBeginning() {
        cursor.goBackTo(new LogCursor(LogCursor.BEGINNING, 0));
        assertThat(cursor.id()).isEqualTo(LogCursor.BEGINNING);
        assertThat(cursor.advance("6-0", 100_001, 60)).isEqualTo(3);
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
