import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { cached, cachePath, isCached } from './cache.ts'
import type { Engine, Place } from './engine.ts'
import { launch } from './launch.ts'
import { freePort } from './ports.ts'
import { programNames } from './program-names.ts'
import { runCommand } from './run-command.ts'
import { findProgram, type SystemNeed } from './system-packages.ts'
import { images, versions } from './versions.ts'

const { version, scala, slf4j } = versions.kafka
const CACHE_KEY = `kafka_${scala}-${version}`
/** Of the listener for this machine, where the engine runs in a container. */
const OUTSIDE_PORT = 19_092
const HEAP = '512m'
const CLUSTER_ID = 'cm9sbGNhbGwtbG9jYWwtMQ'

const jdk: SystemNeed = {
  what: 'a Java runtime',
  debianPackage: 'openjdk-17-jre-headless',
  find: () => findProgram('java'),
  version: { args: ['-version'], name: programNames.java, tested: ['17', '25'] },
}
const maven: SystemNeed = {
  what: 'Maven',
  debianPackage: 'maven',
  find: () => findProgram('mvn'),
  version: { args: ['-version'], name: programNames.maven, tested: ['3.6', '4'] },
}

export const kafka: Engine = {
  name: 'kafka',
  needs: () => (isCached(CACHE_KEY) ? [jdk] : [jdk, maven]),

  async ensure(progress) {
    if (isCached(CACHE_KEY)) return
    await progress.step(`fetching Kafka ${version} (43 MB) with Maven`, () => cached(CACHE_KEY, fetchJars))
  },

  async start(place) {
    const properties = join(place.folder, 'server.properties')
    const data = join(place.folder, 'data')
    await mkdir(data, { recursive: true })
    await writeFile(properties, await serverProperties(place, data))
    if (!existsSync(join(data, 'bootstrap.checkpoint'))) await format(properties, data)
    return launch({
      name: 'kafka',
      command: findProgram('java') as string,
      args: [...javaOptions(HEAP), 'kafka.Kafka', properties],
      logFile: join(place.folder, 'kafka.log'),
      workingFolder: place.folder,
      stopWithinMs: 15_000,
    })
  },

  async ready({ port }) {
    const client = new Kafka({
      brokers: [`127.0.0.1:${port}`],
      clientId: 'ready',
      connectionTimeout: 1000,
      requestTimeout: 2000,
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    })
    const admin = client.admin()
    try {
      await admin.connect()
      const { brokers } = await admin.describeCluster()
      if (brokers.length === 0) throw new Error('Kafka has no broker yet')
    } finally {
      await admin.disconnect()
    }
  },

  container: ({ port, durable }) => ({
    image: images.kafka,
    port: OUTSIDE_PORT,
    environment: {
      ...Object.fromEntries(
        Object.entries(brokerSettings(durable)).map(([setting, value]) => [variableOf(setting), String(value)]),
      ),
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LISTENERS: `CONTROLLER://:9093,OUTSIDE://:${OUTSIDE_PORT}`,
      KAFKA_ADVERTISED_LISTENERS: `OUTSIDE://127.0.0.1:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'OUTSIDE',
      KAFKA_HEAP_OPTS: `-Xms${HEAP} -Xmx${HEAP}`,
      CLUSTER_ID,
    },
  }),
}

async function fetchJars(folder: string): Promise<void> {
  const dependency = (group: string, artifact: string, wanted: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${wanted}</version></dependency>`
  const project = [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>rollcall</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>',
    `<dependencies>${dependency('org.apache.kafka', `kafka_${scala}`, version)}`,
    // Kafka's artifact brings no logger of its own, and without one a broker that cannot start says nothing.
    `${dependency('org.slf4j', 'slf4j-simple', slf4j)}</dependencies></project>`,
  ].join('\n')
  await writeFile(join(folder, 'pom.xml'), project)
  await runCommand({
    command: findProgram('mvn') as string,
    args: [
      '--batch-mode',
      '--quiet',
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(folder, 'libs')}`,
    ],
    workingFolder: folder,
  })
}

function javaOptions(heap: string): string[] {
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
  return [`-Xmx${heap}`, `-Xms${heap}`, '-XX:+UseSerialGC', logging, '-cp', join(cachePath(CACHE_KEY), 'libs', '*')]
}

/** The same natively and in a container, which reads each from a variable named after it. */
function brokerSettings(durable: boolean): Record<string, string | number | boolean> {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.listener.names': 'CONTROLLER',
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': durable ? 10 : 3,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 3,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    // Its default of 5 ms holds back every offset commit.
    'group.coordinator.append.linger.ms': 0,
    // The cleaner's buffer would be a quarter of the heap.
    'log.cleaner.dedupe.buffer.size': 16_777_216,
  }
}

const variableOf = (setting: string) => `KAFKA_${setting.toUpperCase().replaceAll('.', '_')}`

async function serverProperties({ port, durable }: Place, data: string): Promise<string> {
  // Only the broker itself talks to its controller: any port will do.
  const controllerPort = await freePort()
  const settings = {
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    ...brokerSettings(durable),
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

async function format(properties: string, data: string): Promise<void> {
  // An interrupted format leaves files that the next one refuses.
  await rm(data, { recursive: true, force: true })
  await mkdir(data, { recursive: true })
  const command = ['kafka.tools.StorageTool', 'format', '--cluster-id', CLUSTER_ID, '--config', properties]
  const options = ['-XX:TieredStopAtLevel=1', ...javaOptions('128m')]
  await runCommand({ command: findProgram('java') as string, args: [...options, ...command] })
}
