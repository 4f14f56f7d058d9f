/** Where one service finds the others; how they are reached is the only thing that differs between a start, a test and compose. */
export interface Addresses {
  /** What the outside calls Rollcall. */
  publicUrl: string
  /** With the role and the password of the service's own database. */
  databaseUrl: string
  /** `host:port` */
  kafka: string
  redisUrl: string
  /** Where the users service publishes the keys of access tokens. */
  jwksUrl: string
  smtpUrl: string
  storage: { endpoint: string; accessKey: string; secretKey: string }
}

/** Variables that say where the parts are: whoever starts the parts knows that best. */
export const addressVariables: readonly string[] = [
  'DATABASE_URL',
  'KAFKA_BROKERS',
  'REDIS_URL',
  'JWKS_URL',
  'SMTP_URL',
  'MINIO_ENDPOINT',
  'MINIO_ACCESS_KEY',
  'MINIO_SECRET_KEY',
]

/** Also what the script that makes the buckets needs, and all that it needs. */
export function storageEnvironment({ endpoint, accessKey, secretKey }: Addresses['storage']): Record<string, string> {
  return { MINIO_ENDPOINT: endpoint, MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey }
}
