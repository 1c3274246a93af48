package ai.tatbot.state.server.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * Joints of one arm, in radians, along synthetic strokes. Every stroke and every dip begins and ends in the ready pose at rest,
 * so that the joints never jump, whatever follows what.
 */
final class ArmMotion {
    static final ArmMotion LEFT = new ArmMotion(-1);
    static final ArmMotion RIGHT = new ArmMotion(1);

    private static final double[] READY = {0.44, 1.38, 1.19, -1.38, 0, 0, 0};
    private static final double[] SLEEP = {0.66, 0, 0, 0, 0, 0, 0};

    /** Where the ink stands: base turned outwards, arm lowered. */
    private static final double[] INK = {0.62, 0.34, 0.22, -0.18, 0, 0, 0};

    /** The base's joint is mirrored. */
    private final int side;

    private ArmMotion(int side) {
        this.side = side;
    }

    List<Double> ready() {
        return pose(READY);
    }

    List<Double> sleep() {
        return pose(SLEEP);
    }

    /** Between sleep (0) and ready (1), speeding up and slowing down smoothly. */
    List<Double> rising(double fraction) {
        double way = smooth(fraction);
        double[] joints = new double[READY.length];
        for (int i = 0; i < joints.length; i++) {
            joints[i] = SLEEP[i] + (READY[i] - SLEEP[i]) * way;
        }
        return pose(joints);
    }

    /**
     * On a stroke.
     *
     * @param stroke which one; each has a shape of its own
     * @param fraction how far along it, 0 to 1
     */
    List<Double> drawing(int stroke, double fraction) {
        double down = bump(fraction);
        double turns = 1 + stroke % 3;
        double angle = 2 * Math.PI * turns * fraction + stroke;
        double x = 0.10 * down * Math.cos(angle);
        double y = 0.08 * down * Math.sin(angle);
        double[] joints = READY.clone();
        joints[0] += x;
        joints[1] += 0.12 * down + y;
        joints[2] += 0.09 * down - 0.6 * y;
        joints[3] += -0.05 * down + 0.4 * y;
        joints[4] += 0.3 * x;
        joints[5] += 0.15 * y;
        return pose(joints);
    }

    /** On the way to the ink, into it, and back. */
    List<Double> dipping(double fraction) {
        double there = bump(fraction);
        double[] joints = READY.clone();
        for (int i = 0; i < joints.length; i++) {
            joints[i] += INK[i] * there;
        }
        return pose(joints);
    }

    /** 0 at both ends, 1 in the middle, at rest in all three. */
    private static double bump(double fraction) {
        double sine = Math.sin(Math.PI * Math.max(0, Math.min(1, fraction)));
        return sine * sine;
    }

    private static double smooth(double fraction) {
        double clamped = Math.max(0, Math.min(1, fraction));
        return (1 - Math.cos(Math.PI * clamped)) / 2;
    }

    private List<Double> pose(double[] joints) {
        List<Double> rounded = new ArrayList<>(joints.length);
        for (int i = 0; i < joints.length; i++) {
            double value = i == 0 ? side * joints[i] : joints[i];
            rounded.add(Math.round(value * 1e5) / 1e5);
        }
        return rounded;
    }
}
