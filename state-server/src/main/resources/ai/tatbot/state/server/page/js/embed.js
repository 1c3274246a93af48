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

const PANELS = {
    progress: strokePanel,
    timeline: timelinePanel,
    joints: jointsPanel,
    nodes: nodesPanel,
    events: eventsPanel,
};

startTheme(new URLSearchParams(location.search).get('theme') ?? undefined);
const live = new Live();
const frames = new Frames();
const name = location.pathname.slice(location.pathname.lastIndexOf('/') + 1);
const make = PANELS[/** @type {keyof typeof PANELS} */ (name)] ?? strokePanel;
const panel = make(live, frames);
byId('main').replaceChildren(panel.section, connection(live, frames));
document.body.append(login(live));
document.title = `${panel.section.querySelector('h2')?.textContent ?? ''} · Tatbot state`;
ageMarks(live, frames, [panel]);
frames.wake();
live.start();
