import { freePort } from '@rollcall/engines/ports'
import { type Clock, systemClock } from '@rollcall/runtime/clock'
import { createLifecycle } from '@rollcall/runtime/lifecycle'
import { createLogger } from '@rollcall/runtime/logger'
import type { ServiceProcess } from '@rollcall/runtime/service'

interface Service<Config> {
  loadConfig(environment: Record<string, string | undefined>): Config
  start(config: Config, process: ServiceProcess): Promise<void>
}

export interface RunningService {
  baseUrl: string
  /** Where `/livez`, `/readyz` and `/metrics` are. */
  innerUrl: string
  stop(): Promise<void>
}

/** Starts a service inside the test's own process: quicker than one of its own, and its lines count as covered. */
export async function startInProcess<Config>(
  { loadConfig, start }: Service<Config>,
  environment: Record<string, string>,
  clock: Clock = systemClock,
): Promise<RunningService> {
  const [port, innerPort] = [await freePort(), await freePort()]
  const config = loadConfig({ NODE_ENV: 'test', PORT: String(port), INNER_PORT: String(innerPort), ...environment })
  const log = createLogger({ service: 'test', level: 'error' })
  const lifecycle = createLifecycle(log)
  try {
    await start(config, { name: 'test', log, lifecycle, clock })
  } catch (error) {
    await lifecycle.close()
    throw error
  }
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    innerUrl: `http://127.0.0.1:${innerPort}`,
    stop: () => lifecycle.close(),
  }
}
