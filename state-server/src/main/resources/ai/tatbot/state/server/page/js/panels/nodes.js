import { time } from '../../client/time.js';
import { attribute, h, shown, styled, svg, text } from '../dom.js';
import { duration, percent } from '../format.js';
import { fieldOf } from '../schema.js';
import { allFields } from './fields.js';
import { empty, panel } from './panel.js';

/**
 * @typedef {import('../live.js').Live} Live
 * @typedef {import('../types.js').NodeHealth} NodeHealth
 */

/** Heartbeats that a sparkline shows. */
const HISTORY = 60;
const MANY = 60;

/** @type {Record<string, { text: string, state: string }>} */
const CONDITIONS = {
    online: { text: 'online', state: 'good' },
    unreachable: { text: 'unreachable', state: 'error' },
    silent: { text: 'silent', state: 'warning' },
    offline: { text: 'offline', state: 'off' },
};

/** @type {{ name: string, value: (health: NodeHealth) => number | null | undefined, none: (health: NodeHealth) => string }[]} */
const METERS = [
    { name: 'cpu_percent', value: (health) => health.cpu_percent, none: () => '–' },
    { name: 'memory_percent', value: (health) => health.memory_percent, none: () => '–' },
    { name: 'disk_percent', value: (health) => health.disk_percent, none: () => '–' },
    {
        name: 'gpu_percent',
        value: (health) => health.gpu_percent,
        none: (health) => (health.gpu_available === true ? 'not measured' : 'none'),
    },
];

/**
 * A tile for each node.
 *
 * @param {Live} live
 * @param {import('../frames.js').Frames} frames
 */
export function nodesPanel(live, frames) {
    const parts = panel('nodes', 'Nodes');
    const nothing = empty(
        'No node has reported yet.',
        'A node appears with its first heartbeat, which HealthReporter sends. To see some, start the demonstration:',
        'ops/tatbot-state demo',
    );
    const list = h('ul', { class: 'tiles' });
    const total = h('p', { class: 'note' });
    parts.controls.append(total);
    parts.body.append(nothing, list);
    /** @type {Map<string, ReturnType<typeof tile>>} */
    const tiles = new Map();
    /** @type {Set<string>} */
    const beaten = new Set();
    const putTotal = text(total);
    const nothingShown = shown(nothing);
    const many = attribute(list, 'data-many');
    live.store.on('doc', (doc) => {
        if (doc.kind === 'node_health') {
            beaten.add(doc.id);
        }
    });

    frames.add(() => {
        const nodes = live.nodes();
        nothingShown(nodes.length === 0);
        const online = nodes.filter((node) => node.condition === 'online').length;
        putTotal(nodes.length === 0 ? '' : `${online} of ${nodes.length} online`);
        many(nodes.length > MANY ? '' : null);
        const wanted = new Set(nodes.map((node) => node.id));
        for (const [id, old] of tiles) {
            if (!wanted.has(id)) {
                old.element.remove();
                tiles.delete(id);
            }
        }
        nodes.forEach((node, i) => {
            let shownTile = tiles.get(node.id);
            if (shownTile === undefined) {
                shownTile = tile(node.id);
                tiles.set(node.id, shownTile);
                list.insertBefore(shownTile.element, list.children[i] ?? null);
                beaten.add(node.id);
            }
            if (beaten.has(node.id)) {
                shownTile.beat(live.store.docs.get(`node:health:${node.id}`) ?? null);
            }
            shownTile.show(node, live.clock.now());
        });
        beaten.clear();
    }, 250);
    return parts;
}

/**
 * @param {string} id
 */
function tile(id) {
    const condition = h('span', { class: 'pill' });
    const age = h('p', { class: 'heartbeat' });
    const port = h('p', { class: 'port' });
    const meters = METERS.map(meterRow);
    const fields = allFields('node_health');
    const element = h(
        'li',
        { class: 'tile' },
        h('header', {}, h('h3', {}, id), condition),
        h('dl', { class: 'meters' }, ...meters.map((meter) => meter.element)),
        h('footer', {}, age, port),
        fields.element,
    );
    const putCondition = text(condition);
    const pillState = attribute(condition, 'data-state');
    const tileState = attribute(element, 'data-condition');
    const putAge = text(age);
    const putPort = text(port);
    /** @type {NodeHealth | null} */
    let health = null;
    let heard = NaN;
    return {
        element,
        /** @param {import('../types.js').Doc | null} doc null: expired; the last is shown on */
        beat(doc) {
            fields.show(doc);
            if (doc === null) {
                return;
            }
            const latest = /** @type {NodeHealth} */ (doc.value);
            const again = doc.updatedAt === heard;
            health = latest;
            heard = doc.updatedAt;
            meters.forEach((meter) => meter.show(latest, !again));
            putPort(
                latest.mcp_server_running === true
                    ? typeof latest.mcp_port === 'number'
                        ? `MCP on port ${latest.mcp_port}`
                        : 'MCP running'
                    : 'no MCP server',
            );
        },
        /**
         * @param {{ condition: string, since: number | null }} node
         * @param {number} now
         */
        show(node, now) {
            const known = CONDITIONS[node.condition] ?? { text: node.condition, state: 'waiting' };
            putCondition(known.text);
            pillState(known.state);
            tileState(node.condition);
            const at = time(health?.last_heartbeat) ?? heard;
            const lasts = node.since === null || node.condition === 'online' ? '' : ` for ${duration(now - node.since)}`;
            putAge(
                Number.isFinite(at) ? `heartbeat ${duration(now - at)} ago` : lasts === '' ? 'no heartbeat known' : `${known.text}${lasts}`,
            );
        },
    };
}

/**
 * @param {(typeof METERS)[number]} meter
 */
function meterRow(meter) {
    const { title, description } = fieldOf('node_health', meter.name);
    const value = h('dd', {}, '–');
    const fill = h('span', {});
    const line = svg('polyline', { points: '' });
    const element = h(
        'div',
        { class: 'meter', title: description },
        h('dt', {}, title),
        svg('svg', { class: 'spark', viewBox: `0 0 ${HISTORY - 1} 100`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, line),
        h('span', { class: 'bar', 'aria-hidden': 'true' }, fill),
        value,
    );
    const put = text(value);
    const points = attribute(line, 'points');
    const high = attribute(element, 'data-high');
    const scale = styled(fill, 'transform', (part) => `scaleX(${part.toFixed(3)})`, 0.002);
    const history = new Float64Array(HISTORY);
    let length = 0;
    return {
        element,
        /**
         * @param {NodeHealth} health
         * @param {boolean} isNew
         */
        show(health, isNew) {
            const number = meter.value(health);
            if (typeof number !== 'number') {
                put(meter.none(health));
                scale(0);
                points('');
                length = 0;
                return;
            }
            if (isNew) {
                if (length === HISTORY) {
                    history.copyWithin(0, 1);
                    length--;
                }
                history[length++] = number;
                let drawn = '';
                for (let i = 0; i < length; i++) {
                    drawn += `${HISTORY - length + i},${(98 - 0.96 * /** @type {number} */ (history[i])).toFixed(1)} `;
                }
                points(length > 1 ? drawn : '');
            }
            put(percent(number));
            scale(Math.min(1, Math.max(0, number / 100)));
            high(number >= 95 ? 'error' : number >= 85 ? 'warning' : null);
        },
    };
}
