package ai.tatbot.state.client.health;

import java.io.File;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.spi.SystemInfoFactory;
import oshi.spi.SystemInfoProvider;

/**
 * Measures the machine that this process runs on. Making one takes some tenths of a second, measuring little. Not thread-safe.
 *
 * <p>All figures are percentages from 0 to 100, rounded to one decimal.
 */
final class SystemMeter implements AutoCloseable {
    /** OSHI gives the same ticks again for 300 ms, so a shorter window would show no load at all. */
    static final Duration SHORTEST_WINDOW = Duration.ofMillis(400);

    private final CentralProcessor processor;
    private final GlobalMemory memory;
    private final GpuMeter gpu;
    private final Duration shortestWindow;
    private final LongSupplier nanoTime;
    private long[] ticks;
    private long ticksAt;
    private double cpuPercent = Double.NaN;

    SystemMeter() {
        this(SystemInfoFactory.create(), SHORTEST_WINDOW, System::nanoTime);
    }

    SystemMeter(SystemInfoProvider system, Duration shortestWindow, LongSupplier nanoTime) {
        this.shortestWindow = shortestWindow;
        this.nanoTime = nanoTime;
        HardwareAbstractionLayer hardware = system.getHardware();
        this.processor = hardware.getProcessor();
        this.memory = hardware.getMemory();
        this.gpu = GpuMeter.open(hardware);
        // Last, so that the first window does not hold what OSHI's own start costs.
        this.ticks = processor.getSystemCpuLoadTicks();
        this.ticksAt = nanoTime.getAsLong();
    }

    /**
     * Measures everything. CPU is the load since the last call; the first call waits until {@link #SHORTEST_WINDOW} has
     * passed since this was made, and a call that comes sooner than that after the last gets the last one's value.
     *
     * @throws RuntimeException if the system does not tell
     */
    Reading measure() {
        double cpu = cpuPercent();
        GpuMeter.Reading card = gpu.measure();
        return new Reading(
                cpu,
                memoryPercent(),
                diskPercent(),
                card != null,
                card == null ? null : card.percent(),
                card == null ? null : card.memoryPercent());
    }

    private double cpuPercent() {
        boolean first = Double.isNaN(cpuPercent);
        Duration left = shortestWindow.minusNanos(nanoTime.getAsLong() - ticksAt);
        if (first && !left.isNegative()) {
            pause(left);
        } else if (!left.isNegative()) {
            return cpuPercent;
        }
        long[] now = processor.getSystemCpuLoadTicks();
        cpuPercent = percent(100 * processor.getSystemCpuLoadBetweenTicks(ticks, now));
        ticks = now;
        ticksAt = nanoTime.getAsLong();
        return cpuPercent;
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis() + 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double memoryPercent() {
        long total = memory.getTotal();
        return share(total - memory.getAvailable(), total);
    }

    /**
     * As {@code df} counts: what is used, of what is used or may still be used by this user. Asked of the JDK, because OSHI
     * lists no overlay mounts, which is where a container has its working directory.
     */
    private static double diskPercent() {
        // Not FileStore: it looks the volume up in a table of mounts, which a container or chroot need not have.
        File folder = new File("").getAbsoluteFile();
        long used = folder.getTotalSpace() - folder.getFreeSpace();
        return share(used, used + folder.getUsableSpace());
    }

    /** Part of a whole in percent; 0 if there is no whole. */
    static double share(long part, long whole) {
        return whole <= 0 ? 0 : percent(100.0 * part / whole);
    }

    /** Within 0 to 100, to one decimal; 0 for what is no number. */
    static double percent(double value) {
        return Double.isNaN(value) ? 0 : Math.round(Math.max(0, Math.min(100, value)) * 10) / 10.0;
    }

    @Override
    public void close() {
        gpu.close();
    }

    /**
     * What was measured.
     *
     * @param cpuPercent load of all cores together
     * @param memoryPercent memory that is not available to programs
     * @param diskPercent disk space in use on the volume of the working directory
     * @param gpuAvailable whether there is a GPU that can be read
     * @param gpuPercent its load; null if that cannot be read
     * @param gpuMemoryPercent its memory in use; null if that cannot be read
     */
    record Reading(
            double cpuPercent,
            double memoryPercent,
            double diskPercent,
            boolean gpuAvailable,
            @Nullable Double gpuPercent,
            @Nullable Double gpuMemoryPercent) {}
}
