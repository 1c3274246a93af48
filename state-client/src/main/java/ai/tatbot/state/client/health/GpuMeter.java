package ai.tatbot.state.client.health;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import oshi.hardware.GpuStats;
import oshi.hardware.GraphicsCard;
import oshi.hardware.HardwareAbstractionLayer;

/** Measures the GPU; where there are several, the readable one with the most memory. Never throws. Not thread-safe. */
final class GpuMeter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GpuMeter.class);

    private final List<Card> cards;

    private GpuMeter(List<Card> cards) {
        this.cards = cards;
    }

    /** Looks for graphics cards; takes a while, since OSHI may start other programs for it. */
    static GpuMeter open(HardwareAbstractionLayer hardware) {
        List<Card> cards = new ArrayList<>();
        try {
            for (GraphicsCard card : hardware.getGraphicsCards()) {
                cards.add(new Card(card.getName(), card.getVRam(), card.createStatsSession()));
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("graphics cards cannot be listed", e);
        }
        cards.sort(Comparator.comparingLong(Card::memory).reversed());
        return new GpuMeter(cards);
    }

    /** Measures; null if there is no GPU that can be read. */
    @Nullable
    Reading measure() {
        for (Card card : cards) {
            Reading reading = read(card);
            if (reading.percent() != null || reading.memoryPercent() != null) {
                return reading;
            }
        }
        return null;
    }

    private static Reading read(Card card) {
        try {
            double load = card.stats().getGpuUtilization();
            long used = card.stats().getVramUsed();
            // OSHI says -1 for a load or use that it cannot read, and 0 for an unknown size; for some cards it takes a
            // window
            // into their memory for the size.
            boolean sized = used >= 0 && card.memory() > 0 && used <= card.memory();
            return new Reading(
                    load >= 0 ? SystemMeter.percent(load) : null,
                    sized ? SystemMeter.share(used, card.memory()) : null);
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("graphics card {} cannot be read", card.name(), e);
            return new Reading(null, null);
        }
    }

    @Override
    public void close() {
        for (Card card : cards) {
            try {
                card.stats().close();
            } catch (RuntimeException | LinkageError e) {
                LOG.debug("graphics card {} cannot be closed", card.name(), e);
            }
        }
    }

    private record Card(String name, long memory, GpuStats stats) {}

    /**
     * What was measured.
     *
     * @param percent load; null if it cannot be read
     * @param memoryPercent memory in use; null if it cannot be read
     */
    record Reading(@Nullable Double percent, @Nullable Double memoryPercent) {}
}
