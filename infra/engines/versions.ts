/** What the engines are pinned to. A cache entry carries its version, so that a new pin is a new entry. */
export const versions = {
  kafka: { scala: '2.13', version: '4.1.1', slf4j: '1.7.36' },
  /** MinIO ships its source only; this is the last commit of its repository. */
  minio: 'v0.0.0-20260212201848-7aac2a2c5b7c',
  /** What MinIO asks for, where the system's Go is older. */
  go: '1.24.8',
} as const

/** What runs where a Docker daemon is usable; docker-compose.yml names the same. */
export const images = {
  postgres: 'postgres:15.14-bookworm',
  redis: 'redis:7.4.5-bookworm',
  kafka: 'apache/kafka:4.1.1',
  minio: 'minio/minio:RELEASE.2025-09-07T16-13-09Z',
} as const
