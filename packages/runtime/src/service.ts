import { type Clock, systemClock } from './clock.ts'
import { InvalidEnvironment } from './config.ts'
import { createLifecycle, type Lifecycle, runProcess } from './lifecycle.ts'
import { createLogger, type Logger } from './logger.ts'
import { startTelemetry } from './telemetry.ts'

/** What a service is given by whoever runs it. */
export interface ServiceProcess {
  /** `users`. */
  name: string
  log: Logger
  lifecycle: Lifecycle
  /** From outside, so that a test decides what time it is in a running service. */
  clock: Clock
}

interface ServiceDefinition<Config extends { logLevel: string }> {
  name: string
  environment: Record<string, string | undefined>
  /** @throws {InvalidEnvironment} */
  loadConfig(environment: Record<string, string | undefined>): Config
  start(config: Config, process: ServiceProcess): Promise<void>
}

/** The whole of a service's `main.ts`: settings, telemetry, log, then the service until a signal or a failure ends it. */
export async function runService<Config extends { logLevel: string }>(
  service: ServiceDefinition<Config>,
): Promise<void> {
  const { name, environment, loadConfig, start } = service
  const config = readConfig(loadConfig, environment)
  if (!config) return
  const log = createLogger({ service: name, level: config.logLevel })
  const lifecycle = createLifecycle(log)
  lifecycle.own(startTelemetry({ service: name, environment }), (it) => it.shutdown())
  await runProcess({ log, lifecycle }, () => start(config, { name, log, lifecycle, clock: systemClock }))
}

/** Wrong settings end the process with one message that has all of them. */
function readConfig<Config>(
  loadConfig: (environment: Record<string, string | undefined>) => Config,
  environment: Record<string, string | undefined>,
): Config | undefined {
  try {
    return loadConfig(environment)
  } catch (error) {
    if (!(error instanceof InvalidEnvironment)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
    return undefined
  }
}
