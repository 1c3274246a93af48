package ai.tatbot.state.client.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.health.SystemMeter.Reading;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.GpuStats;
import oshi.hardware.GraphicsCard;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.spi.SystemInfoFactory;
import oshi.spi.SystemInfoProvider;

/** What is measured: on this machine, and on machines made up for the purpose. */
class SystemMeterTest {
    private static final long GIB = 1L << 30;

    /** The ticks of a machine that is made up may be read at any time. */
    private static final Duration WINDOW = Duration.ofMillis(40);

    @Test
    void thisMachineIsInRange() {
        try (SystemMeter meter = new SystemMeter()) {
            for (int i = 0; i < 3; i++) {
                Reading reading = meter.measure();
                assertThat(reading.cpuPercent()).isBetween(0.0, 100.0);
                // No machine that runs this test has all its memory and disk free, or none.
                assertThat(reading.memoryPercent()).isGreaterThan(0).isLessThan(100);
                assertThat(reading.diskPercent()).isGreaterThan(0).isLessThanOrEqualTo(100);
                if (!reading.gpuAvailable()) {
                    assertThat(reading.gpuPercent()).isNull();
                    assertThat(reading.gpuMemoryPercent()).isNull();
                }
            }
        }
    }

    /**
     * The load cannot be less than what this test's own thread uses. (To compare it with an idle reading would fail where
     * other programs keep all cores busy.)
     */
    @Test
    void busyCoreIsSeen() throws InterruptedException {
        int cores = SystemInfoFactory.create().getHardware().getProcessor().getLogicalProcessorCount();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Thread burner = new Thread(SystemMeterTest::burn, "burner");
        burner.setDaemon(true);
        try (SystemMeter meter = new SystemMeter()) {
            meter.measure();
            burner.start();
            Awaitility.await().until(() -> threads.getThreadCpuTime(burner.getId()) > 0);
            meter.measure();
            long begin = System.nanoTime();
            long usedBefore = threads.getThreadCpuTime(burner.getId());
            Awaitility.await()
                    .until(() -> threads.getThreadCpuTime(burner.getId()) - usedBefore
                            > Duration.ofSeconds(1).toNanos());
            long used = threads.getThreadCpuTime(burner.getId()) - usedBefore;
            long passed = System.nanoTime() - begin;
            double cpuPercent = meter.measure().cpuPercent();
            // The clock ticks of the system are 10 ms.
            assertThat(cpuPercent).isGreaterThan(100.0 * used / passed / cores - 5);
            assertThat(used).isGreaterThan(0);
        } finally {
            burner.interrupt();
            burner.join();
        }
    }

    /** OSHI gives the same ticks twice within 300 ms, which looks like no load at all. */
    @Test
    void theFirstReadingSeesTheLoadToo() throws InterruptedException {
        List<Thread> burners = new ArrayList<>();
        try {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                Thread burner = new Thread(SystemMeterTest::burn, "burner");
                burner.setDaemon(true);
                burner.start();
                burners.add(burner);
            }
            try (SystemMeter meter = new SystemMeter()) {
                assertThat(meter.measure().cpuPercent()).isGreaterThan(0);
            }
        } finally {
            for (Thread burner : burners) {
                burner.interrupt();
                burner.join();
            }
        }
    }

    private static void burn() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void cpuIsTheLoadSinceTheLastReading() {
        // User, nice, system, idle, iowait, irq, softirq, steal.
        Fake machine = new Fake()
                .ticks(1_000, 0, 0, 9_000, 0, 0, 0, 0)
                .ticks(1_010, 0, 0, 9_030, 0, 0, 0, 0)
                .ticks(1_110, 0, 0, 9_030, 0, 0, 0, 0)
                .ticks(1_110, 0, 0, 9_130, 0, 0, 0, 0)
                .ticks(1_111, 0, 0, 9_132, 0, 0, 0, 0);
        AtomicLong now = new AtomicLong();
        SystemMeter meter = new SystemMeter(machine.system(), WINDOW, () -> now.addAndGet(WINDOW.toNanos() / 2 + 1));
        assertThat(meter.measure().cpuPercent()).isEqualTo(25);
        assertThat(meter.measure().cpuPercent()).as("too soon").isEqualTo(25);
        assertThat(meter.measure().cpuPercent()).isEqualTo(100);
        now.addAndGet(WINDOW.toNanos());
        assertThat(meter.measure().cpuPercent()).isEqualTo(0);
        now.addAndGet(WINDOW.toNanos());
        assertThat(meter.measure().cpuPercent()).isEqualTo(33.3);
    }

    @Test
    void tooShortAWindowRepeatsTheLastValue() {
        Fake machine = new Fake().ticks(0, 0, 0, 0, 0, 0, 0, 0).ticks(50, 0, 0, 50, 0, 0, 0, 0);
        SystemMeter meter = new SystemMeter(machine.system(), WINDOW, System::nanoTime);
        long begin = System.nanoTime();
        assertThat(meter.measure().cpuPercent()).isEqualTo(50);
        assertThat(System.nanoTime() - begin).isGreaterThan(WINDOW.dividedBy(2).toNanos());
        // The fake has no more ticks to give.
        assertThat(meter.measure().cpuPercent()).isEqualTo(50);
    }

    @Test
    void memoryIsWhatIsNotAvailable() {
        assertThat(new SystemMeter(new Fake().memory(16 * GIB, 12 * GIB).system(), WINDOW, System::nanoTime)
                        .measure()
                        .memoryPercent())
                .isEqualTo(25);
    }

    @Test
    void percentagesAreClampedAndRounded() {
        assertThat(SystemMeter.percent(-3)).isEqualTo(0);
        assertThat(SystemMeter.percent(100.4)).isEqualTo(100);
        assertThat(SystemMeter.percent(Double.NaN)).isEqualTo(0);
        assertThat(SystemMeter.percent(Double.POSITIVE_INFINITY)).isEqualTo(100);
        assertThat(SystemMeter.percent(12.3456)).isEqualTo(12.3);
        assertThat(SystemMeter.share(1, 3)).isEqualTo(33.3);
        assertThat(SystemMeter.share(1, 0)).isEqualTo(0);
    }

    @Test
    void noGpuIsNull() {
        assertGpu(new Fake(), false, null, null);
    }

    @Test
    void gpuThatCannotBeReadIsNull() {
        assertGpu(new Fake().gpu(0, -1, -1), false, null, null);
        assertGpu(new Fake().gpu(8 * GIB, -1, -1), false, null, null);
        assertGpu(new Fake().brokenGpu(), false, null, null);
        assertGpu(new Fake().noGpuList(), false, null, null);
    }

    @Test
    void gpuTellsWhatItCan() {
        assertGpu(new Fake().gpu(8 * GIB, 42.04, 2 * GIB), true, 42.0, 25.0);
        assertGpu(new Fake().gpu(8 * GIB, -1, 2 * GIB), true, null, 25.0);
        assertGpu(new Fake().gpu(0, 0, 2 * GIB), true, 0.0, null);
        // More in use than there is: the size is that of a window into it.
        assertGpu(new Fake().gpu(GIB / 4, 10, 2 * GIB), true, 10.0, null);
    }

    @Test
    void theReadableGpuWithTheMostMemoryCounts() {
        assertGpu(
                new Fake()
                        .gpu(GIB, 1, 0)
                        .gpu(24 * GIB, 90, 12 * GIB)
                        .gpu(32 * GIB, -1, -1)
                        .brokenGpu(),
                true,
                90.0,
                50.0);
    }

    @Test
    void gpusAreClosed() {
        Fake machine = new Fake().gpu(GIB, 1, 0).gpu(GIB, 1, 0);
        new SystemMeter(machine.system(), WINDOW, System::nanoTime).close();
        assertThat(machine.closed).isEqualTo(2);
    }

    @Test
    void aSystemThatDoesNotTellIsAnError() {
        Fake machine = new Fake();
        machine.memory = () -> {
            throw new IllegalStateException("no /proc/meminfo");
        };
        SystemMeter meter = new SystemMeter(machine.system(), WINDOW, System::nanoTime);
        assertThatThrownBy(meter::measure).hasMessage("no /proc/meminfo");
    }

    private static void assertGpu(Fake machine, boolean available, @Nullable Double percent, @Nullable Double memory) {
        try (SystemMeter meter = new SystemMeter(machine.system(), WINDOW, System::nanoTime)) {
            Reading reading = meter.measure();
            assertThat(reading.gpuAvailable()).isEqualTo(available);
            assertThat(reading.gpuPercent()).isEqualTo(percent);
            assertThat(reading.gpuMemoryPercent()).isEqualTo(memory);
        }
    }

    /** A machine that says what it is told to. */
    private static final class Fake {
        private final Deque<long[]> ticks = new ArrayDeque<>();
        private final List<GraphicsCard> cards = new ArrayList<>();
        private Supplier<Long> memory = () -> 8 * GIB;
        private long available = 4 * GIB;
        private boolean listsGpus = true;
        private int closed;

        Fake ticks(long... next) {
            ticks.add(next);
            return this;
        }

        Fake memory(long total, long available) {
            this.memory = () -> total;
            this.available = available;
            return this;
        }

        Fake gpu(long memory, double load, long used) {
            return gpu(memory, () -> load, used);
        }

        Fake brokenGpu() {
            return gpu(
                    64 * GIB,
                    () -> {
                        throw new UnsatisfiedLinkError("nvml");
                    },
                    -1);
        }

        Fake noGpuList() {
            listsGpus = false;
            return this;
        }

        private Fake gpu(long memory, Supplier<?> load, long used) {
            GpuStats stats =
                    fake(GpuStats.class, Map.of("getGpuUtilization", load, "getVramUsed", () -> used, "close", () -> {
                        closed++;
                        return null;
                    }));
            cards.add(fake(
                    GraphicsCard.class,
                    Map.of("getName", () -> "fake", "getVRam", () -> memory, "createStatsSession", () -> stats)));
            return this;
        }

        SystemInfoProvider system() {
            if (ticks.isEmpty()) {
                ticks(0, 0, 0, 0, 0, 0, 0, 0).ticks(0, 0, 0, 100, 0, 0, 0, 0);
            }
            CentralProcessor processor = (CentralProcessor) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {CentralProcessor.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("getSystemCpuLoadTicks")) {
                            return ticks.remove();
                        }
                        assertThat(method.getName()).isEqualTo("getSystemCpuLoadBetweenTicks");
                        return load((long[]) arguments[0], (long[]) arguments[1]);
                    });
            GlobalMemory fakeMemory =
                    fake(GlobalMemory.class, Map.of("getTotal", memory, "getAvailable", () -> available));
            HardwareAbstractionLayer hardware = fake(
                    HardwareAbstractionLayer.class,
                    Map.of("getProcessor", () -> processor, "getMemory", () -> fakeMemory, "getGraphicsCards", () -> {
                        if (!listsGpus) {
                            throw new IllegalStateException("lspci");
                        }
                        return cards;
                    }));
            return fake(SystemInfoProvider.class, Map.of("getHardware", () -> hardware));
        }

        private static double load(long[] from, long[] to) {
            long total = Arrays.stream(to).sum() - Arrays.stream(from).sum();
            return 1 - (double) (to[3] + to[4] - from[3] - from[4]) / total;
        }

        private static <T> T fake(Class<T> type, Map<String, Supplier<?>> answers) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        Supplier<?> answer = answers.get(method.getName());
                        if (answer == null) {
                            throw new UnsupportedOperationException(method.toString());
                        }
                        return answer.get();
                    }));
        }
    }
}
