import type { Engine, Place, Started } from '@rollcall/local/engines/engine'
import { images } from '@rollcall/local/versions'
import { GenericContainer, type StartedTestContainer } from 'testcontainers'

type EngineName = keyof typeof images

interface Recipe {
  /** The port that the engine listens on inside. */
  port: number
  environment: Record<string, string>
  command?: string[]
}

/** What each image is told, so that it behaves like the native engine with the same place. */
const recipes: Record<EngineName, (place: Place) => Recipe> = {
  postgres: ({ credentials: { user, password } }) => ({
    port: 5432,
    environment: { POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: 'postgres' },
    command: ['postgres', '-c', 'max_connections=300', '-c', 'fsync=off', '-c', 'synchronous_commit=off'],
  }),
  redis: () => ({
    port: 6379,
    environment: {},
    command: ['redis-server', '--appendonly', 'no', '--save', '', '--maxmemory-policy', 'noeviction'],
  }),
  kafka: ({ port }) => ({
    port: 19_092,
    environment: {
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENERS: 'CONTROLLER://:9093,OUTSIDE://:19092',
      KAFKA_ADVERTISED_LISTENERS: `OUTSIDE://127.0.0.1:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'OUTSIDE',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '3',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_GROUP_COORDINATOR_APPEND_LINGER_MS: '0',
      KAFKA_HEAP_OPTS: '-Xms512m -Xmx512m',
    },
  }),
  minio: ({ credentials: { user, password } }) => ({
    port: 9000,
    environment: { MINIO_ROOT_USER: user, MINIO_ROOT_PASSWORD: password, MINIO_BROWSER: 'off' },
    command: ['server', '/data', '--quiet'],
  }),
}

/** The same engine by Testcontainers, at the same port of this machine; whatever is left over, its reaper removes. */
export function inTestContainer(engine: Engine): Engine {
  const name = engine.name as EngineName
  return {
    name,
    needs: () => [],
    ensure: async () => {},
    ready: engine.ready,
    async start(place) {
      const { port, environment, command } = recipes[name](place)
      const container = new GenericContainer(images[name])
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
