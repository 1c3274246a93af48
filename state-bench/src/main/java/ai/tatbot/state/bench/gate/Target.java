package ai.tatbot.state.bench.gate;

/**
 * What a figure must reach, on a machine that is good enough to tell.
 *
 * @param limit what it must be below, or above where more is better
 * @param yardstickLimit the same for its yardstick; if that is missed, the machine is too slow to judge
 */
record Target(double limit, double yardstickLimit) {}
