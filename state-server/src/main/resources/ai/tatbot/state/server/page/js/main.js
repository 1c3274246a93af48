import { byId } from './dom.js';
import { Frames } from './frames.js';
import { Live } from './live.js';
import { account, login } from './panels/account.js';
import { eventsPanel } from './panels/events.js';
import { ageMarks, connection, lookBackBar, verdictHeader } from './panels/header.js';
import { jointsPanel } from './panels/joints.js';
import { nodesPanel } from './panels/nodes.js';
import { strokePanel } from './panels/stroke.js';
import { timelinePanel } from './panels/timeline.js';
import { startTheme } from './theme.js';

/** The whole page. */

startTheme();
const live = new Live();
const frames = new Frames();
byId('top').append(verdictHeader(live, frames), connection(live, frames), account(live));
byId('top').after(lookBackBar(live, frames));
const panels = [
    strokePanel(live, frames),
    timelinePanel(live, frames),
    jointsPanel(live, frames),
    nodesPanel(live, frames),
    eventsPanel(live, frames),
];
byId('main').replaceChildren(...panels.map((panel) => panel.section));
document.body.append(login(live));
ageMarks(live, frames, panels);
frames.wake();
live.start();
