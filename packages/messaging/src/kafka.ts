import { connect, type Socket } from 'node:net'
import type { Logger } from '@rollcall/runtime/logger'
import kafkajs, { type Admin, type Consumer, type ConsumerConfig, type KafkaConfig, type Producer } from 'kafkajs'

export interface KafkaOptions {
  /** `host:port` of some brokers; the rest of the cluster is found through them. */
  brokers: string[]
  /** Shown in the broker's logs and metrics. */
  clientId: string
  /** Put before the names of topics and groups, so that several Rollcalls share a cluster. Default: none. */
  namespace?: string
  log: Logger
}

/** Makes clients of one cluster; opens no connection itself. */
export interface KafkaClients {
  /** Put before the names of topics and groups. */
  readonly namespace: string
  consumer(config: ConsumerConfig): Consumer
  admin(): Admin
  /** An idempotent producer with sockets of its own. */
  producer(): CuttableProducer
}

export interface CuttableProducer {
  producer: Producer
  /** Closes the sockets at once and lets none be opened again: whatever kafkajs still wants to retry reaches nobody. */
  cut(): void
}

const KEEP_ALIVE_MS = 60_000

export function createKafka({ brokers, clientId, namespace = '', log }: KafkaOptions): KafkaClients {
  const config: KafkaConfig = {
    brokers,
    clientId,
    connectionTimeout: 3000,
    requestTimeout: 15_000,
    // Spelled out in full: kafkajs reads NODE_ENV and has other defaults in tests.
    retry: { initialRetryTime: 100, maxRetryTime: 3000, factor: 0.2, multiplier: 2, retries: 6 },
    logCreator: () => forwardLog(log),
  }
  const shared = new kafkajs.Kafka({
    ...config,
    socketFactory: ({ host, port, onConnect }) => open({ host, port }, onConnect),
  })
  return {
    namespace,
    consumer: (options) => shared.consumer(options),
    admin: () => shared.admin(),
    producer: () => createProducer(config),
  }
}

function createProducer(config: KafkaConfig): CuttableProducer {
  const sockets = new Set<Socket>()
  let isCut = false
  const own = new kafkajs.Kafka({
    ...config,
    socketFactory: ({ host, port, onConnect }) => {
      const socket = open({ host, port }, onConnect)
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      if (isCut) socket.destroy(new Error('this producer has been discarded'))
      return socket
    },
  })
  const producer = own.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    // Retries inside one send keep their sequence numbers, so that the broker drops what it has already. They are few:
    // a producer that gives up is replaced, and the caller sends again.
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 5 },
  })
  return {
    producer,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
  }
}

function open(address: { host: string; port: number }, onConnect: () => void): Socket {
  // Without noDelay, small requests wait for the acknowledgement of the one before.
  return connect({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }, onConnect)
}

/** What kafkajs calls an error it most often tries again; what it gives up is logged where we hear of it. */
function forwardLog(log: Logger) {
  return ({ level, namespace, log: entry }: { level: number; namespace: string; log: { message: string } }) => {
    const { message, ...details } = entry
    log[level <= kafkajs.logLevel.WARN ? 'debug' : 'trace']({ kafkajs: { namespace, ...details } }, message)
  }
}
