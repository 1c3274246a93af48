import { channelKinds, channels } from '../client/catalogue.js';
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

/** All but positions. */
const CHANNELS = [
    channelKinds.stroke_session,
    channelKinds.robot_events,
    channelKinds.node_events,
    channelKinds.error_events,
    channelKinds.system_events,
].map(({ template }) => template);

/**
 * What each shows, and what it has to hear of for that.
 *
 * @satisfies {Record<string, { make: unknown, filter: import('../client/api.js').Filter }>}
 */
const PANELS = {
    progress: { make: strokePanel, filter: { kinds: ['stroke_progress'], channels: [channels.strokeSession] } },
    timeline: { make: timelinePanel, filter: { kinds: ['stroke_progress'], channels: CHANNELS } },
    joints: { make: jointsPanel, filter: { kinds: ['robot_state', 'stroke_progress'] } },
    nodes: { make: nodesPanel, filter: { kinds: ['node_health'] } },
    events: { make: eventsPanel, filter: { channels: CHANNELS } },
};

startTheme(new URLSearchParams(location.search).get('theme') ?? undefined);
const name = location.pathname.slice(location.pathname.lastIndexOf('/') + 1);
const { make, filter } = PANELS[/** @type {keyof typeof PANELS} */ (name)] ?? PANELS.progress;
const live = new Live(filter);
const frames = new Frames();
const panel = make(live, frames);
byId('main').replaceChildren(panel.section, connection(live, frames));
document.body.append(login(live));
document.title = `${panel.section.querySelector('h2')?.textContent ?? ''} · Tatbot state`;
ageMarks(live, frames, [panel]);
frames.wake();
live.start();
