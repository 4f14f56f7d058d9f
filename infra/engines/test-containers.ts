import { GenericContainer, type StartedTestContainer } from 'testcontainers'
import type { Engine, Started } from './engine.ts'

/** The same engine by Testcontainers, at the same port of this machine; whatever is left over, its reaper removes. */
export function inTestContainer(engine: Engine): Engine {
  const { name, container: recipeFor } = engine
  if (!recipeFor) throw new Error(`${name} has no container`)
  return {
    name,
    needs: () => [],
    ensure: async () => {},
    ready: engine.ready,
    async start(place) {
      const { image, port, environment, command } = recipeFor(place)
      const container = new GenericContainer(image)
        .withExposedPorts({ container: port, host: place.port })
        .withEnvironment(environment)
      return started(name, await (command ? container.withCommand(command) : container).start())
    },
  }
}

function started(name: string, container: StartedTestContainer): Started {
  let over = false
  return {
    name,
    pid: undefined,
    logFile: '',
    ended: new Promise(() => {}),
    hasEnded: () => over,
    async stop() {
      over = true
      await container.stop()
    },
  }
}
