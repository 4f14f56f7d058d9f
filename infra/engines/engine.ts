import type { Progress } from './progress.ts'
import type { SystemNeed } from './system-packages.ts'

/** Where one engine runs. The same for `npm start` and for a test run. */
export interface Place {
  /** TCP port on 127.0.0.1. */
  port: number
  /** Data and logs; the engine's own. */
  folder: string
  /** False for tests: what only a power cut could lose is not waited for, which is several times faster. */
  durable: boolean
  /** The administrator's; engines without accounts ignore it. */
  credentials: { user: string; password: string }
}

/** How an engine runs in a container: the same settings, told in the image's way. */
export interface ContainerRecipe {
  image: string
  /** That the engine listens on inside. */
  port: number
  environment: Record<string, string>
  command?: string[]
}

export interface Engine {
  readonly name: string
  /** Programs of the system's packages that have to be there before `ensure`. */
  needs(): SystemNeed[]
  /** Downloads or builds what the system's packages do not have; does nothing when it is cached. */
  ensure(progress: Progress): Promise<void>
  start(place: Place): Promise<Started>
  /** One try; throws while the engine does not answer. */
  ready(place: Place): Promise<void>
  /** Missing for what only ever runs natively here. */
  container?(place: Place): ContainerRecipe
}

export interface Started {
  readonly name: string
  /** Unknown where a daemon runs it for us. */
  readonly pid: number | undefined
  readonly logFile: string
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  hasEnded(): boolean
  /** Asks the engine to end, and kills it when it has not after a while. */
  stop(): Promise<void>
}
