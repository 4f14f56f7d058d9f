import { describe, expect, it } from 'vitest'
import { gateway } from './engines/gateway.ts'
import { kafka } from './engines/kafka.ts'
import { minio } from './engines/minio.ts'
import { postgres } from './engines/postgres.ts'
import { redis } from './engines/redis.ts'
import { compareVersions, parseVersion, versionIn } from './program-version.ts'

/** How the needs say that each program names itself, whether or not this machine still needs it. */
const names = {
  maven: ['Apache Maven '],
  java: ['openjdk version "', 'java version "'],
  go: ['go version go', 'go version devel go'],
  nginx: ['nginx version: nginx/'],
  redis: ['Redis server v='],
  postgres: ['postgres (PostgreSQL) '],
  python: ['Python '],
}

const RUNTIME = 'OpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)'
const VM = 'OpenJDK 64-Bit Server VM (build 17.0.15+6-Debian-1deb12u1, mixed mode, sharing)'
const MAVEN_HOME = 'Maven home: /usr/share/maven\nJava version: 17.0.15, vendor: Debian'

/** What programs printed, byte for byte, and the version that they are. */
const captured: [program: keyof typeof names, printed: string, version: string][] = [
  ['maven', `\x1b[1mApache Maven 3.8.7\x1b[m\n${MAVEN_HOME}\n\x1b[0m\x1b[0m`, '3.8.7'],
  ['maven', `Apache Maven 3.8.7\n${MAVEN_HOME}\nDefault locale: de_DE, platform encoding: UTF-8\n`, '3.8.7'],
  [
    'maven',
    `Picked up JAVA_TOOL_OPTIONS: -Dfile.encoding=UTF-8 -Dlevel=9.1\n\x1b[1mApache Maven 3.8.7\x1b[m\n${MAVEN_HOME}`,
    '3.8.7',
  ],
  ['maven', '\x1b[1mApache Maven 4.0.0-rc-4 (bed0f8174bf728978f86fac533aa38a9511f3872)\x1b[0m\n', '4.0.0'],
  ['java', `openjdk version "17.0.15" 2025-04-15\n${RUNTIME}\n${VM}\n`, '17.0.15'],
  ['java', `Picked up JAVA_TOOL_OPTIONS: -Dx=1\nopenjdk version "17.0.15" 2025-04-15\n${RUNTIME}\n`, '17.0.15'],
  ['java', 'openjdk version "25" 2025-09-16\nOpenJDK Runtime Environment (build 25+36-3489)\n', '25'],
  ['java', 'java version "1.8.0_412"\nJava(TM) SE Runtime Environment (build 1.8.0_412-b08)\n', '1.8.0'],
  ['java', `\x1b[33mopenjdk version "17.0.15"\x1b[0m 2025-04-15\r\n${RUNTIME}\r\n`, '17.0.15'],
  ['go', 'go version go1.26.8 linux/amd64\n', '1.26.8'],
  ['go', 'go version go1.19.8 linux/amd64\n', '1.19.8'],
  ['go', 'go version devel go1.27-4c9f0b2 Mon Nov 2 11:02:07 2026 +0000 linux/amd64\n', '1.27'],
  ['go', '\x1b]0;go 9.9\x07\x1b[32mgo version go1.26.8\x1b[0m linux/amd64\n', '1.26.8'],
  ['nginx', 'nginx version: nginx/1.22.1\n', '1.22.1'],
  ['nginx', 'nginx version: nginx/1.24.0 (Ubuntu)\n', '1.24.0'],
  ['nginx', 'nginx: [alert] could not open error log file: "/var/log/1.9"\nnginx version: nginx/1.22.1\n', '1.22.1'],
  ['nginx', '\x1b[1;31mnginx version: nginx/1.22.1\x1b[0m\n', '1.22.1'],
  ['redis', 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0\n', '7.0.15'],
  ['redis', '\x1b[1mRedis server v=7.0.15\x1b[0m sha=00000000:0 malloc=jemalloc-5.3.0\n', '7.0.15'],
  ['postgres', 'postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n', '15.14'],
  ['postgres', 'postgres (PostgreSQL) 18beta1\n', '18'],
  ['postgres', '\x1b[0mpostgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\x1b[0m\n', '15.18'],
  ['python', 'Python 3.11.7\n', '3.11.7'],
  ['python', '\x1b[38;5;3mPython 3.11.7\x1b[0m\n', '3.11.7'],
]

describe('the version of a program', () => {
  it.each(captured)('is found behind the name of %s in %j', (program, printed, version) => {
    expect(versionIn(printed, names[program])).toEqual(parseVersion(version))
  })

  it.each([
    ['nginx', 'nginx version: openresty/1.21.4.1\n'],
    ['redis', 'Valkey server v=8.0.1 sha=00000000:0\n'],
    ['java', 'Picked up JAVA_TOOL_OPTIONS: -Dlevel=9.1\n'],
    ['maven', MAVEN_HOME],
    ['go', ''],
  ] as const)('is unknown where %s does not name itself: %j', (program, printed) => {
    expect(versionIn(printed, names[program])).toBeUndefined()
  })
})

it('knows each engine by the names that are tried here', () => {
  const known = Object.values(names).flat()
  const needs = [gateway({ users: '', events: '', notifications: '', mailboxUrl: '' }), kafka, minio, postgres, redis]
  for (const need of needs.flatMap((engine) => engine.needs()))
    expect(known).toEqual(expect.arrayContaining(need.names))
})

it.each([
  ['15.0', '15', 0],
  ['17.9', '17', 0],
  ['14.20', '15', -1],
  ['18.1', '17', 1],
  ['1.9', '1.22', -1],
  ['1.100', '1.22', 1],
  ['25', '17.0.4', 1],
  ['17', '17.0.4', -1],
])('compares %s with %s number by number', (version, bound, sign) => {
  expect(Math.sign(compareVersions(parseVersion(version), parseVersion(bound)))).toBe(sign)
})
