/**
 * What the server sends. All fields of the models may be absent: other nodes write them, and older ones write fewer.
 *
 * @typedef {{
 *   timestamp?: string, node_id?: string,
 *   is_connected_l?: boolean, is_connected_r?: boolean,
 *   joints_l?: number[] | null, joints_r?: number[] | null,
 *   velocities_l?: number[] | null, velocities_r?: number[] | null,
 *   current_pose?: string, goal_time_slow?: number, goal_time_fast?: number,
 * }} RobotState
 *
 * @typedef {{
 *   timestamp?: string, node_id?: string,
 *   stroke_idx?: number, pose_idx?: number, total_strokes?: number, stroke_length?: number,
 *   stroke_description_l?: string, stroke_description_r?: string,
 *   offset_idx_l?: number, offset_idx_r?: number,
 *   is_executing?: boolean, is_paused?: boolean,
 *   scene_name?: string, dataset_name?: string | null,
 * }} StrokeProgress
 *
 * @typedef {{
 *   timestamp?: string, node_id?: string,
 *   cpu_percent?: number, memory_percent?: number, disk_percent?: number,
 *   gpu_available?: boolean, gpu_percent?: number | null, gpu_memory_percent?: number | null,
 *   is_reachable?: boolean, ping_latency_ms?: number | null,
 *   mcp_server_running?: boolean, mcp_port?: number | null, last_heartbeat?: string | null,
 *   software_version?: string | null,
 * }} NodeHealth
 *
 * @typedef {'robot_state' | 'stroke_progress' | 'node_health'} Kind
 *
 * @typedef {{ instance: string, version: string, now: string, resumed: boolean }} Hello
 *
 * @typedef {{
 *   condition: 'live' | 'stale' | 'reconnecting' | 'closed', since?: string | null, as_of?: string | null,
 *   stale_ms?: number | null, reason?: string | null, attempt?: number, now: string,
 * }} RedisCondition
 *
 * @typedef {{
 *   key: string, kind: Kind, cause: string, revision?: number | null, updated_at?: string | null,
 *   value: Record<string, unknown> | null,
 * }} Change
 *
 * @typedef {'online' | 'unreachable' | 'silent' | 'offline' | 'gone'} NodeCondition
 * @typedef {{ node_id: string, condition: NodeCondition, since?: string | null }} NodeTurn
 *
 * @typedef {{ type: string, timestamp?: string, node_id?: string | null, event_id?: string | null, [field: string]: unknown }} StateEvent
 * @typedef {{ channel: string, caught_up?: boolean, event: StateEvent }} Transition
 * @typedef {{ count: number, exact?: boolean, reason?: string | null }} Lost
 * @typedef {{ kind?: string, source?: string, message?: string, at?: string }} Problem
 *
 * @typedef {{ code: string, severity: 'warning' | 'error', message: string, subject?: string | null }} Alert
 * @typedef {{
 *   status: 'ok' | 'degraded' | 'down', at?: string,
 *   server?: { version?: string, instance?: string, uptime_s?: number },
 *   redis?: { condition?: string, address?: string, kind?: string, version?: string },
 *   nodes_online?: number, nodes_total?: number,
 *   nodes?: { id: string, condition: NodeCondition, since?: string | null }[],
 *   alerts?: Alert[],
 * }} FleetStatus
 *
 * @typedef {{ id: string, time?: string, rev?: number | null, stroke_idx?: number | string, pose_idx?: number | string,
 *   description_l?: string, description_r?: string, node_id?: string }} HistoryEntry
 *
 * A document as this page holds it.
 * @typedef {{
 *   key: string, kind: Kind, id: string, revision: number | null, updatedAt: number, value: Record<string, unknown>,
 *   generation: number,
 * }} Doc
 *
 * @typedef {{ node_id: string, condition: NodeCondition, since: number | null, generation: number }} NodeEntry
 */

export {};
