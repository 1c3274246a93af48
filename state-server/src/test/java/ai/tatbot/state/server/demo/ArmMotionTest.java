package ai.tatbot.state.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class ArmMotionTest {
    /** The real robot's poses are 108 to a stroke; a joint that jumps further than this from one to the next would break it. */
    private static final double LARGEST_STEP = 0.06;

    private static final int POSES = 108;

    @Test
    void readyAndSleepAreThoseOfTheRealRobot() {
        assertThat(ArmMotion.LEFT.ready()).containsExactly(-0.44, 1.38, 1.19, -1.38, 0.0, 0.0, 0.0);
        assertThat(ArmMotion.RIGHT.ready()).containsExactly(0.44, 1.38, 1.19, -1.38, 0.0, 0.0, 0.0);
        assertThat(ArmMotion.LEFT.sleep()).containsExactly(-0.66, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        assertThat(ArmMotion.RIGHT.sleep()).containsExactly(0.66, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    }

    @Test
    void everyMotionBeginsAndEndsReady() {
        List<Double> ready = ArmMotion.LEFT.ready();
        assertThat(ArmMotion.LEFT.rising(0)).isEqualTo(ArmMotion.LEFT.sleep());
        assertThat(ArmMotion.LEFT.rising(1)).isEqualTo(ready);
        for (int stroke = 0; stroke < 20; stroke++) {
            assertThat(ArmMotion.LEFT.drawing(stroke, 0)).isEqualTo(ready);
            assertThat(ArmMotion.LEFT.drawing(stroke, 1)).isEqualTo(ready);
        }
        assertThat(ArmMotion.LEFT.dipping(0)).isEqualTo(ready);
        assertThat(ArmMotion.LEFT.dipping(1)).isEqualTo(ready);
    }

    @Test
    void noJointEverJumps() {
        for (int stroke = 0; stroke < 20; stroke++) {
            int which = stroke;
            smooth(pose -> ArmMotion.RIGHT.drawing(which, pose / (double) POSES));
        }
        smooth(pose -> ArmMotion.LEFT.dipping(pose / (double) POSES));
        smooth(pose -> ArmMotion.LEFT.rising(pose / (double) POSES));
    }

    private static void smooth(IntFunction<List<Double>> motion) {
        for (int pose = 1; pose <= POSES; pose++) {
            List<Double> before = motion.apply(pose - 1);
            List<Double> after = motion.apply(pose);
            for (int joint = 0; joint < 7; joint++) {
                assertThat(after.get(joint)).isCloseTo(before.get(joint), within(LARGEST_STEP));
            }
        }
    }

    @Test
    void strokesDiffer() {
        assertThat(ArmMotion.LEFT.drawing(1, 0.4)).isNotEqualTo(ArmMotion.LEFT.drawing(2, 0.4));
    }

    @Test
    void thePlanHasDipsForBothArmsAndOnePause() {
        DemoPlan plan = new DemoPlan(10, 108, 60);
        long dips = 0;
        long pauses = 0;
        for (int stroke = 0; stroke < plan.strokes(); stroke++) {
            dips += plan.dipsLeft(stroke) ? 1 : 0;
            dips += plan.dipsRight(stroke) ? 1 : 0;
            assertThat(plan.dipsLeft(stroke) && plan.dipsRight(stroke)).isFalse();
            for (int pose = 0; pose < plan.poses(); pose++) {
                pauses += plan.pausesAfter(stroke, pose) ? 1 : 0;
                assertThat(plan.depth(pose)).isBetween(0, DemoPlan.DEPTHS - 1);
            }
        }
        assertThat(dips).isEqualTo(5);
        assertThat(pauses).isEqualTo(1);
        assertThat(plan.descriptionLeft(0)).isEqualTo("true_blue: ink dip");
        assertThat(plan.descriptionRight(0)).isEqualTo("bright_red: fill 1");
        assertThat(new DemoPlan(1, 1, 60).pausesAfter(0, 0)).isTrue();
    }
}
