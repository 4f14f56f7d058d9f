/** What the engines are pinned to. A cache entry carries its version, so that a new pin is a new entry. */
export const versions = {
  kafka: { scala: '2.13', version: '4.1.1', slf4j: '1.7.36' },
  /** MinIO ships its source only; this is the last commit of its repository. */
  minio: 'v0.0.0-20260212201848-7aac2a2c5b7c',
  /** What MinIO asks for, where the system's Go is older. */
  go: '1.24.8',
} as const
