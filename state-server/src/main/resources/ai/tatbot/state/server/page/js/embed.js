import { byId } from './dom.js';
import { Frames } from './frames.js';
import { Live } from './live.js';
import { login } from './panels/account.js';
import { eventsPanel } from './panels/events.js';
import { ageMarks, connection } from './panels/header.js';
import { jointsPanel } from './panels/joints.js';
import { nodesPanel } from './panels/nodes.js';
import { strokePanel } from './panels/stroke.js';
import { timelinePanel } from './panels/timeline.js';
import { startTheme } from './theme.js';

/** One panel alone, to be shown in a frame of another page: `/embed/progress`, `?theme=dark`. */

const CHANNELS = [
    'stroke:events:session',
    'robot:events',
    'node:events:{node_id}',
    'error:events:{category}',
    'system:events',
].join();

/** What each shows, and what it has to hear of for that. */
const PANELS = {
    progress: { make: strokePanel, kinds: 'stroke_progress', channels: 'stroke:events:session' },
    timeline: { make: timelinePanel, kinds: 'stroke_progress', channels: CHANNELS },
    joints: { make: jointsPanel, kinds: 'robot_state,stroke_progress', channels: '' },
    nodes: { make: nodesPanel, kinds: 'node_health', channels: '' },
    events: { make: eventsPanel, kinds: '', channels: CHANNELS },
};

startTheme(new URLSearchParams(location.search).get('theme') ?? undefined);
const name = location.pathname.slice(location.pathname.lastIndexOf('/') + 1);
const { make, kinds, channels } = PANELS[/** @type {keyof typeof PANELS} */ (name)] ?? PANELS.progress;
const query = new URLSearchParams();
if (kinds !== '') {
    query.set('kind', kinds);
}
if (channels !== '') {
    query.set('channel', channels);
}
const live = new Live(`?${query}`);
const frames = new Frames();
const panel = make(live, frames);
byId('main').replaceChildren(panel.section, connection(live, frames));
document.body.append(login(live));
document.title = `${panel.section.querySelector('h2')?.textContent ?? ''} · Tatbot state`;
ageMarks(live, frames, [panel]);
frames.wake();
live.start();
