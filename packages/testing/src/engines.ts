/** Where the engines of a test run are; tests read it by `inject('engines')`, whoever has started them. */
export interface TestEngines {
  /** Administrator's URL of the maintenance database. */
  postgres: string
  redis: string
  /** `host:port` */
  kafka: string
  minio: { endpoint: string; accessKey: string; secretKey: string }
}

declare module 'vitest' {
  export interface ProvidedContext {
    engines: TestEngines
  }
}
