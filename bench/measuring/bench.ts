import type { ServiceProcess } from '@rollcall/test-stack/processes'

/** One stretch of work, as it went. */
export interface Window {
  /** How many pieces of work were done. */
  units: number
  seconds: number
  /** Milliseconds that each piece took, where pieces are timed. */
  times?: number[]
  /** What else was counted, by name. */
  figures?: Record<string, number>
}

export interface Side {
  /** What does the work: `over HTTP`, `bare statement`. */
  what: string
  run(): Promise<Window>
  /** After the window, outside of what is measured: until what it has left behind is done. */
  settle?(): Promise<void>
}

export interface Aim {
  /** `rate`, `p50`, `p99`, `ratio` (of the rates, subject to baseline), or one of the window's own figures. */
  figure: string
  atLeast?: number
  atMost?: number
}

/** Something to be measured, ready to begin. */
export interface OpenBench {
  /** What a unit is: `registration`. */
  unit: string
  subject: Side
  /** The same work by what we build upon, without our code. */
  baseline?: Side
  aims: Aim[]
  /** Processes of ours at work, by name. */
  services: Record<string, ServiceProcess>
  /** Rounds of baseline and subject that count. Default: 5. */
  rounds?: number
  /** Prometheus texts whose histograms by `stage` tell where the units wait. */
  stages?(): Promise<string>
  close(): Promise<void>
}

export type Bench = () => Promise<OpenBench>
