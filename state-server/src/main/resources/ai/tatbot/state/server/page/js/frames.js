/** On a machine so slow that a drawing takes long, it rests three times as long before the next. */
const REST = 3;

/**
 * All drawing happens here, once a frame, and not at all while nobody sees the page. What comes from the stream is only noted
 * until then.
 *
 * @typedef {(now: number) => void} Draw
 */
export class Frames {
    constructor() {
        /** @type {{ draw: Draw, every: number, due: number }[]} */
        this.tasks = [];
        this.handle = 0;
        this.frame = this.frame.bind(this);
        document.addEventListener('visibilitychange', () => this.wake());
    }

    /**
     * @param {Draw} draw
     * @param {number} [every] least time between two calls, in ms; 0: each frame
     */
    add(draw, every = 0) {
        this.tasks.push({ draw, every, due: 0 });
    }

    wake() {
        cancelAnimationFrame(this.handle);
        if (document.visibilityState === 'visible') {
            for (const task of this.tasks) {
                task.due = 0;
            }
            this.handle = requestAnimationFrame(this.frame);
        }
    }

    /** @param {number} now */
    frame(now) {
        this.handle = requestAnimationFrame(this.frame);
        for (const task of this.tasks) {
            if (now >= task.due) {
                const start = performance.now();
                task.draw(now);
                const rest = Math.max(task.every, REST * (performance.now() - start));
                // A millisecond of grace: frames do not come to the microsecond.
                task.due = now + rest - 1;
            }
        }
    }
}
