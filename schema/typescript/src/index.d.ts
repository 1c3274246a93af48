export * from './api.js';
export * from './catalogue.js';
export { StateClient } from './client.js';
export * from './kinds.js';
export { StateMirror, type Doc, type MirrorEvents, type NodeEntry } from './mirror.js';
export * from './model.js';
export { StateError } from './problem.js';
export { EventStream, SILENCE_MS, type Phase } from './stream.js';
export { time } from './time.js';
