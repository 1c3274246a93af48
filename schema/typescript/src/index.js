export { channelKinds, channels, keyKinds, keys, models, parseChannel, parseKey, version } from './catalogue.js';
export { StateClient } from './client.js';
export { StateMirror } from './mirror.js';
export { StateError } from './problem.js';
export { EventStream, SILENCE_MS } from './stream.js';
export { time } from './time.js';
