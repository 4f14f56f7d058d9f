/** How programs name themselves before their version, in every locale and edition. */
export const programNames = {
  maven: /Apache Maven/,
  java: /(?:openjdk|java) version/,
  go: /go version go/,
  postgres: /\(PostgreSQL\)/,
  redis: /Redis server/,
  nginx: /nginx\//,
} as const
