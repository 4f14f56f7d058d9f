import { join } from 'node:path'
import type { Engine, Place } from '@rollcall/engines/engine'
import { gateway } from '@rollcall/engines/gateway'
import { kafka } from '@rollcall/engines/kafka'
import { mailbox } from '@rollcall/engines/mailbox'
import { minio } from '@rollcall/engines/minio'
import { postgres } from '@rollcall/engines/postgres'
import { redis } from '@rollcall/engines/redis'
import type { Addresses } from './addresses.ts'
import type { Secrets } from './secrets.ts'
import { byService, portNames, type ServiceName } from './services.ts'
import type { PortName, Settings } from './settings.ts'

/** Where each of the local parts listens, as URLs; what `npm run endpoints` prints. */
export interface Endpoints {
  gateway: string
  mailbox: string
  smtp: string
  kafka: string
  postgres: string
  redis: string
  minio: string
  services: Record<ServiceName, string>
  /** Health and metrics of the services. */
  inner: Record<ServiceName, string>
}

export interface Part {
  engine: Engine
  place: Place
}

export interface Stack {
  settings: Settings
  secrets: Secrets
  folder: string
}

export const MINIO_USER = 'rollcall'
export const POSTGRES_USER = 'rollcall'

export function engineParts(stack: Stack): Part[] {
  return [
    part(stack, { engine: postgres, port: 'POSTGRES_PORT', password: stack.secrets.postgresPassword }),
    part(stack, { engine: redis, port: 'REDIS_PORT' }),
    part(stack, { engine: kafka, port: 'KAFKA_PORT' }),
    part(stack, { engine: minio, port: 'MINIO_PORT', password: stack.secrets.minioPassword }),
  ]
}

export function mailboxPart(stack: Stack): Part {
  return part(stack, { engine: mailbox({ smtpPort: stack.settings.ports.SMTP_PORT }), port: 'MAILBOX_PORT' })
}

export function gatewayPart(stack: Stack): Part {
  const { ports } = stack.settings
  const engine = gateway({
    services: byService((name) => `127.0.0.1:${ports[portNames(name).api]}`),
    mailboxUrl: `http://localhost:${ports.MAILBOX_PORT}`,
    corsOrigins: [`http://localhost:${ports.GATEWAY_PORT}`],
  })
  return part(stack, { engine, port: 'GATEWAY_PORT' })
}

function part(
  stack: Stack,
  { engine, port, password = '' }: { engine: Engine; port: PortName; password?: string },
): Part {
  const place = {
    port: stack.settings.ports[port],
    folder: join(stack.folder, engine.name),
    durable: true,
    credentials: { user: POSTGRES_USER, password },
  }
  return { engine, place }
}

/** Where a service finds the others on this machine. */
export function addressesOf({ settings: { ports }, secrets }: Stack, name: ServiceName): Addresses {
  return {
    publicUrl: `http://localhost:${ports.GATEWAY_PORT}`,
    databaseUrl: `postgres://${name}:${secrets.databasePasswords[name]}@127.0.0.1:${ports.POSTGRES_PORT}/${name}`,
    kafka: `127.0.0.1:${ports.KAFKA_PORT}`,
    redisUrl: `redis://127.0.0.1:${ports.REDIS_PORT}`,
    jwksUrl: `http://127.0.0.1:${ports.USERS_PORT}/.well-known/jwks.json`,
    smtpUrl: `smtp://127.0.0.1:${ports.SMTP_PORT}`,
    storage: {
      endpoint: `http://127.0.0.1:${ports.MINIO_PORT}`,
      accessKey: MINIO_USER,
      secretKey: secrets.minioPassword,
    },
  }
}

export function endpointsOf({ settings: { ports }, secrets }: Stack): Endpoints {
  const http = (port: number) => `http://127.0.0.1:${port}`
  return {
    gateway: `http://localhost:${ports.GATEWAY_PORT}`,
    mailbox: `http://localhost:${ports.MAILBOX_PORT}`,
    smtp: `smtp://127.0.0.1:${ports.SMTP_PORT}`,
    kafka: `kafka://127.0.0.1:${ports.KAFKA_PORT}`,
    postgres: `postgres://${POSTGRES_USER}:${secrets.postgresPassword}@127.0.0.1:${ports.POSTGRES_PORT}/postgres`,
    redis: `redis://127.0.0.1:${ports.REDIS_PORT}`,
    minio: http(ports.MINIO_PORT),
    services: byService((name) => http(ports[portNames(name).api])),
    inner: byService((name) => http(ports[portNames(name).inner])),
  }
}
