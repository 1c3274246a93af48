/**
 * Names that the page uses for what the client tells it. All fields of the models may be absent: other nodes write them, and older ones
 * write fewer.
 *
 * @typedef {Partial<import('../client/model.js').RobotState>} RobotState
 * @typedef {Partial<import('../client/model.js').StrokeProgress>} StrokeProgress
 * @typedef {Partial<import('../client/model.js').NodeHealth>} NodeHealth
 * @typedef {import('../client/model.js').DocumentKind} Kind
 *
 * @typedef {import('../client/api.js').StreamHello} Hello
 * @typedef {import('../client/api.js').StreamStatus} RedisCondition
 * @typedef {import('../client/api.js').StreamNode['condition']} NodeCondition
 * @typedef {import('../client/api.js').StreamLost} Lost
 * @typedef {import('../client/api.js').StreamProblem} Problem
 * @typedef {import('../client/api.js').Alert} Alert
 * @typedef {import('../client/api.js').Status} FleetStatus
 * @typedef {import('../client/api.js').HistoryEntry} HistoryEntry
 * @typedef {import('../client/stream.js').Phase} Phase
 *
 * An event as it is shown: whatever its type, its fields by their names.
 * @typedef {{ type: string, timestamp?: string, node_id?: string | null, event_id?: string | null, [field: string]: unknown }} StateEvent
 * @typedef {{ channel: string, caught_up?: boolean, event: StateEvent }} Transition
 *
 * @typedef {import('../client/mirror.js').Doc} Doc
 * @typedef {import('../client/mirror.js').NodeEntry} NodeEntry
 */

export {};
