// For tests across languages: reads one JSON object a line on standard input, does what it says, answers with one a line.
import { createInterface } from 'node:readline';
import { validator } from './test/validator.mjs';
import { StateClient, StateError, StateMirror } from './target/classes/ai/tatbot/state/typescript/client/index.js';

/** Long enough for a busy machine to send a snapshot. */
const READY_MS = 20_000;

/** A mirror that also says how it has learned of what it shows. */
class Mirror extends StateMirror {
    changes = [];
    change(data) {
        super.change(data);
        this.changes.push({ key: data.key, cause: data.cause, revision: data.revision ?? null });
    }
}

/** What a reader may do wrong, each in the place of the client's own code; the cases of `conformance/readers` must tell. */
const BROKEN = {
    'ignores-gaps': class extends Mirror {
        apply(type, data) {
            if (type !== 'lost') {
                super.apply(type, data);
            }
        }
    },
    'keeps-what-is-gone': class extends Mirror {
        drop() {}
    },
    'takes-what-is-overtaken': class extends Mirror {
        latest = new Map();
        apply(type, data) {
            super.apply(type, data);
            if (type === 'change') {
                const overtaken = this.latest.get(data.key);
                this.latest.set(data.key, data);
                if (overtaken !== undefined) {
                    super.apply(type, overtaken);
                }
            }
        }
    },
    'reads-once': class extends Mirror {
        apply(type, data) {
            if (type !== 'change' || !this.filled) {
                super.apply(type, data);
            }
        }
    },
    // Finds what was published when it looks again, after a second.
    deaf: class extends Mirror {
        apply(type, data) {
            if (type === 'change' && data.cause === 'updated') {
                setTimeout(() => super.apply(type, { ...data, cause: 'reread' }), 1_000);
            } else {
                super.apply(type, data);
            }
        }
    },
    // Each transition once more when the next one comes.
    'tells-twice': class extends Mirror {
        last = null;
        apply(type, data) {
            if (type === 'transition') {
                if (this.last !== null) {
                    super.apply(type, this.last);
                }
                this.last = data;
            }
            super.apply(type, data);
        }
    },
    'drops-transitions': class extends Mirror {
        apply(type, data) {
            if (type !== 'transition') {
                super.apply(type, data);
            }
        }
    },
};

const { ajv, schema } = validator();
let client = null;
let stream = null;
let mirror = null;
let Kind = Mirror;
let told = [];

const connected = () => client ?? crash('connect first');
const watching = () => mirror ?? crash('watch first');

function crash(why) {
    throw new Error(why);
}

function stop() {
    stream?.stop();
    [stream, mirror, told] = [null, null, []];
}

/** Resolves once the snapshot is complete. */
async function watch() {
    const from = connected();
    stop();
    const seen = new Kind();
    const ready = new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new StateError('timeout', 'there is no snapshot yet')), READY_MS);
        seen.on('ready', () => resolve(clearTimeout(late)));
        stream = from.stream({
            onEvent: (type, data) => seen.apply(type, data),
            onPhase: () => stream.phase === 'locked' && reject(stream.refusal ?? new StateError('locked', 'the token is no longer good')),
        });
    });
    seen.on('transition', ({ event }) => told.push(event));
    seen.on('lost', (lost) => told.push({ type: 'lost', ...lost }));
    mirror = seen;
    stream.start();
    await ready;
    return { watching: true };
}

const actions = {
    async connect({ url, token, broken }) {
        stop();
        Kind = broken === undefined ? Mirror : BROKEN[broken] ?? crash(`there is no ${broken}`);
        client = new StateClient({ url, token: token ?? null });
        const { name, scopes } = await client.whoami();
        return { connected: true, name, scopes };
    },
    validate({ schema: path, document }) {
        const validate = schema(path);
        return validate(document) ? { valid: true } : { valid: false, error: ajv.errorsText(validate.errors) };
    },
    async write({ key, document }) {
        return { revision: (await connected().write(key, document)).revision };
    },
    async read({ key }) {
        const reading = await connected().read(key);
        return { document: reading?.value ?? null, revision: reading?.revision ?? null };
    },
    watch,
    seen({ key }) {
        const doc = watching().docs.get(key);
        return { document: doc?.value ?? null, revision: doc?.revision ?? null };
    },
    state() {
        const { live, staleMs } = watching().freshness(stream);
        return { live, stale_ms: staleMs };
    },
    events() {
        const { changes } = watching();
        const events = told;
        told = [];
        return { events, changes: changes.splice(0) };
    },
    async publish({ channel, event }) {
        return { event_id: (await connected().publish(channel, event)).event_id };
    },
    close() {
        stop();
        client = null;
        return { closed: true };
    },
};

async function answer(line) {
    try {
        const request = JSON.parse(line);
        const known = typeof request?.do === 'string' && Object.hasOwn(actions, request.do);
        return await (known ? actions[request.do](request) : crash(`nobody knows how to do ${JSON.stringify(request?.do)}`));
    } catch (e) {
        if (e instanceof StateError) {
            return { error: e.code, status: e.status, detail: e.message };
        }
        // Not foreseen, and so no refusal.
        console.error(e);
        return { error: String(e?.message ?? e), reason: 'CRASHED' };
    }
}

// One after the other, so that answers come in the order of what was asked.
for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== '') {
        process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
    }
}
stop();
