package ai.tatbot.state.server.demo;

/**
 * What the demo robot draws: so many strokes of so many poses. Both arms work at once, each with its own pen; now and then an
 * arm dips its needle instead of drawing, and once the robot is held for a moment.
 *
 * @param strokes number of strokes, at least 1
 * @param poses number of poses of each stroke, at least 1
 * @param rate poses a second; everything else the robot does speeds up with it
 */
record DemoPlan(int strokes, int poses, double rate) {
    static final String SCENE = "tatbotlogo";
    static final String LEFT_PEN = "true_blue";
    static final String RIGHT_PEN = "bright_red";

    /** Rate at which the robot's moves take as long as those of the real one. */
    static final double REAL_RATE = 60;

    /** Needle depths to choose from; a stroke begins in the middle. */
    static final int DEPTHS = 6;

    private static final int DIP_EVERY = 4;

    /** Whether the left arm dips its needle instead of drawing. */
    boolean dipsLeft(int stroke) {
        return stroke % DIP_EVERY == 0;
    }

    /** Whether the right arm does. */
    boolean dipsRight(int stroke) {
        return stroke % DIP_EVERY == DIP_EVERY / 2;
    }

    String descriptionLeft(int stroke) {
        return description(LEFT_PEN, dipsLeft(stroke), "outline", stroke);
    }

    String descriptionRight(int stroke) {
        return description(RIGHT_PEN, dipsRight(stroke), "fill", stroke);
    }

    private static String description(String pen, boolean dips, String part, int stroke) {
        return dips ? pen + ": ink dip" : pen + ": " + part + " " + (stroke + 1);
    }

    /** Needle depth of the left arm, as an index: deeper towards the middle of a stroke. */
    int depth(int pose) {
        double middle = Math.sin(Math.PI * (pose + 0.5) / poses);
        return (int) Math.min(DEPTHS - 1, Math.round(DEPTHS / 2.0 + middle));
    }

    /** Whether the robot is held after this pose. */
    boolean pausesAfter(int stroke, int pose) {
        return stroke == strokes / 2 && pose == poses / 2;
    }

    /** How many poses' time something takes that takes this long on the real robot. */
    int ticks(double seconds) {
        return (int) Math.max(1, Math.round(seconds * REAL_RATE));
    }
}
