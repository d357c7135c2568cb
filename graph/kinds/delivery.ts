import type { Mark } from './marks.ts'

/** Seconds, `[shortest, longest]`. `null` as the longest: no known end. */
export type Span = readonly [number, number | null]

export interface DeliveryRow {
  /** What a person calls it. */
  readonly words: string
  /** Seconds until the workload uses a new value by itself; `null`: never, somebody has to do something. */
  readonly pickup: Span | null
  /**
   * Seconds that the workload goes on when the place it takes the value from is gone: what it has taken already. No
   * end: until its next restart, or until the process ends.
   */
  readonly keeps: Span
  readonly mark: Mark
  /** What has to be done where `pickup` is null; absent where it refreshes by itself. */
  readonly step?: 'restart' | 'redeploy' | 'rebuild' | 'change-code' | 'ask-vendor' | 'by-hand'
}

/**
 * How a value gets into a workload, and how long until the workload uses a new one.
 * Source: change-semantics.md section 12 and 13.8 ("pickup by delivery mode"); a row keeps the weakest mark of its text.
 */
export const deliveryModes = {
  hardcoded: { words: 'hard-coded', pickup: null, keeps: [0, null], mark: 'A', step: 'change-code' },
  baked_image: { words: 'baked into the image', pickup: null, keeps: [0, null], mark: 'A', step: 'rebuild' },
  env_at_start: { words: 'environment, read at start', pickup: null, keeps: [0, null], mark: 'S', step: 'restart' },
  file_static: { words: 'file, read at start', pickup: null, keeps: [0, null], mark: 'S', step: 'restart' },
  file_refresh: { words: 'file, read again', pickup: [0, 65], keeps: [0, null], mark: 'S2' },
  volume_refresh: { words: 'mounted volume, read again', pickup: [0, 65], keeps: [0, null], mark: 'A' },
  csi_mount: { words: 'CSI mount with rotation', pickup: [0, 120], keeps: [0, null], mark: 'S' },
  operator_sync: { words: 'synchronised by an operator', pickup: [0, 3600], keeps: [0, null], mark: 'S' },
  agent_template: { words: 'agent template', pickup: [0, 300], keeps: [0, null], mark: 'A' },
  agent_supervisor: { words: 'agent restarts the process', pickup: [0, 330], keeps: [0, null], mark: 'S' },
  fetch_per_use: { words: 'fetched at each use', pickup: [0, 0], keeps: [0, 0], mark: 'D' },
  fetch_cached: { words: 'fetched and cached', pickup: [0, 3600], keeps: [0, null], mark: 'S' },
  read_through_mount: { words: 'read-through mount', pickup: [0, 0], keeps: [0, 0], mark: 'S' },
  ci_run_start: { words: 'read when the run is queued', pickup: [0, 0], keeps: [0, 0], mark: 'S' },
  ci_job_start: { words: 'read when the job starts', pickup: [0, 0], keeps: [0, 0], mark: 'S' },
  task_start: { words: 'read when the task starts', pickup: null, keeps: [0, null], mark: 'S', step: 'restart' },
  deploy_time: { words: 'read at deployment', pickup: null, keeps: [0, null], mark: 'S', step: 'redeploy' },
  sdk_refresh: { words: 'refreshed by the SDK', pickup: [0, 0], keeps: [0, null], mark: 'D' },
  platform_attached: { words: 'attached by the platform', pickup: [0, 0], keeps: [0, null], mark: 'D' },
  workload_api_stream: { words: 'pushed by the workload API', pickup: [0, 0], keeps: [0, null], mark: 'D' },
  broker_issued: { words: 'issued by a broker', pickup: null, keeps: [0, null], mark: 'A', step: 'by-hand' },
  manual: { words: 'put in by hand', pickup: null, keeps: [0, null], mark: 'A', step: 'by-hand' },
  vendor_managed: { words: 'managed by a vendor', pickup: null, keeps: [0, null], mark: 'A', step: 'ask-vendor' },
} as const satisfies Record<string, DeliveryRow>

export type DeliveryMode = keyof typeof deliveryModes
export const deliveryModeNames = Object.keys(deliveryModes) as readonly DeliveryMode[]
