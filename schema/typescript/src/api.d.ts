/** What the server answers over HTTP. The descriptions of all fields, with units, are at `/api` of a running server. */

import type { DocumentKind, Documents, NodeHealth, RobotState, StateEvent, StrokeProgress, Time } from './model.js';

/** What is stored under a key. */
export interface Reading<Value = unknown> {
    key: string;
    found: boolean;
    /** Null: there is no such key. */
    value: Value | null;
    type: string;
    /** Grows by one with each write. Null: the document has none. */
    revision: number | null;
    updated_at: Time | null;
    age_ms: number | null;
    ttl_ms: number | null;
    /** Whether Redis is away, so that this is what the server knew last. */
    stale: boolean;
}

export interface ReadingPage<Value = unknown> {
    items: Reading<Value>[];
    /** Null: this is the last page. */
    next_cursor: string | null;
}

export interface Written {
    key: string;
    revision: number;
}

export interface Published {
    /** Null: it is a position, which is not logged. */
    event_id: string | null;
    channel: string;
    receivers: number;
    published_at: Time;
}

export interface HistoryEntry {
    id: string;
    time: Time;
    rev: number | null;
    stroke_idx: number;
    pose_idx: number;
    description_l: string;
    description_r: string;
    node_id: string;
}

export interface History {
    session_id: string;
    entries: HistoryEntry[];
}

export interface LogEntry {
    id: string;
    channel: string;
    event: StateEvent;
}

export interface Log {
    entries: LogEntry[];
}

/** live, at most half a second old; stale, Redis has not answered lately; reconnecting; closed, the server ends. */
export type Condition = 'live' | 'stale' | 'reconnecting' | 'closed';

/** unreachable: it says so itself; silent: no heartbeat, and nobody has said that it left. */
export type NodeCondition = 'online' | 'unreachable' | 'silent' | 'offline';

export interface RedisStatus {
    condition: Condition;
    since: Time;
    as_of: Time | null;
    stale_ms: number | null;
    attempt: number;
    reason: string | null;
    address: string;
    kind: string | null;
    version: string | null;
    used_memory_bytes: number | null;
    max_memory_bytes: number | null;
}

/** A document with where and when it was stored. */
export interface Stored<Value> {
    key: string;
    revision: number | null;
    updated_at: Time;
    /** Below 0 if the writer's clock is ahead. */
    age_ms: number;
    value: Value;
}

export interface Node {
    id: string;
    condition: NodeCondition;
    online: boolean;
    since: Time | null;
    health: Stored<NodeHealth> | null;
    robot: Stored<RobotState> | null;
}

export interface Alert {
    code: string;
    severity: 'warning' | 'error';
    subject: string;
    message: string;
}

export interface Status {
    /** degraded: there are alerts; down: Redis is away, so what is shown may be old. */
    status: 'ok' | 'degraded' | 'down';
    at: Time;
    server: { version: string; instance: string; uptime_s: number };
    redis: RedisStatus;
    nodes_online: number;
    nodes_total: number;
    nodes: Node[];
    current_session: Stored<StrokeProgress> | null;
    active_sessions: string[];
    alerts: Alert[];
}

export interface Caller {
    name: string;
    scopes: ('read' | 'publish' | 'admin')[];
}

export interface StreamHello {
    instance: string;
    version: string;
    now: Time;
    /** Whether the stream goes on; if not, a snapshot follows. */
    resumed: boolean;
}

/** The server's connection to Redis. */
export interface StreamStatus {
    condition: Condition;
    since: Time;
    as_of: Time | null;
    stale_ms: number | null;
    attempt: number;
    reason: string | null;
    now: Time;
}

export type Cause = 'snapshot' | 'updated' | 'reread' | 'expired' | 'deleted' | 'unreadable';

interface ChangeOf<Kind extends DocumentKind> {
    key: string;
    kind: Kind;
    cause: Cause;
    revision: number | null;
    updated_at: Time | null;
    /** The whole document. Null: there is none any more, or none that can be read. */
    value: Documents[Kind] | null;
}

/** A document as it is from now on. */
export type StreamChange = { [Kind in DocumentKind]: ChangeOf<Kind> }[DocumentKind];

export interface StreamNode {
    node_id: string;
    condition: NodeCondition | 'gone';
    since: Time | null;
}

/** The snapshot is complete. */
export interface StreamReady {
    keys: number;
}

export interface StreamTransition {
    channel: string;
    /** Whether it was read from events:log, since it was missed when it was published. */
    caught_up: boolean;
    event: StateEvent;
}

/** Transitions that cannot be had any more. */
export interface StreamLost {
    /** 0: not known. */
    count: number;
    /** Whether all of them would have been sent to this client. */
    exact: boolean;
    reason: string;
}

/** Something invalid that the server has met, and passed over. */
export interface StreamProblem {
    kind: string;
    source: string;
    message: string;
    at: Time;
}

/** The server ends the stream. */
export interface StreamGoodbye {
    reason: string;
}

/** Every event of a stream, by its name. */
export interface StreamEvents {
    hello: StreamHello;
    status: StreamStatus;
    change: StreamChange;
    node: StreamNode;
    ready: StreamReady;
    transition: StreamTransition;
    lost: StreamLost;
    problem: StreamProblem;
    goodbye: StreamGoodbye;
}

/** An event of a stream: its name and what it says. */
export type StreamEvent = { [Name in keyof StreamEvents]: [name: Name, data: StreamEvents[Name]] }[keyof StreamEvents];

/** An event to be published: what the server fills in may be left out. */
export type Draft<Event> = Event extends { timestamp: Time }
    ? Omit<Event, 'timestamp' | 'node_id' | 'rev' | 'event_id' | 'seq' | 'seq_lost'> & { timestamp?: Time; node_id?: string }
    : never;

/** How a request is made. */
export interface CallOptions {
    /** Ends it; it fails with the signal's reason. */
    signal?: AbortSignal;
    /** Deadline in milliseconds, 8,000 if not given. */
    timeoutMs?: number;
}

/** What a stream is to tell of; without any of these, of everything. */
export interface Filter {
    kinds?: readonly DocumentKind[];
    /** Documents under these keys. */
    keys?: readonly string[];
    /** Transitions on these channels; a template such as `node:events:{node_id}` stands for all of its channels. */
    channels?: readonly string[];
    /** Least time between two changes of a document, 50 to 10,000. */
    intervalMs?: number;
}
