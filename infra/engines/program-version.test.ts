import { expect, it, vi } from 'vitest'
import { programNames } from './program-names.ts'
import { compareVersions, outputOf, versionIn } from './program-version.ts'

const OPTIONS = 'Picked up JAVA_TOOL_OPTIONS: -Xmx2g -Dfile.encoding=UTF-8'
const OPENJDK_17 = [
  'openjdk version "17.0.15" 2025-04-15',
  'OpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)',
  'OpenJDK 64-Bit Server VM (build 17.0.15+6-Debian-1deb12u1, mixed mode, sharing)',
].join('\n')
const MAVEN = [
  'Maven home: /usr/share/maven',
  'Java version: 17.0.15, vendor: Debian, runtime: /usr/lib/jvm/java-17-openjdk-amd64',
  'Default locale: en, platform encoding: ANSI_X3.4-1968',
  'OS name: "linux", version: "6.1.141", arch: "amd64", family: "unix"',
].join('\n')

/** As the programs print it, decorated and plain. */
const outputs: [keyof typeof programNames, string, string | undefined][] = [
  ['maven', `\u001b[1mApache Maven 3.8.7\u001b[m\n${MAVEN}`, '3.8'],
  ['maven', `Apache Maven 3.8.7\n${MAVEN}`, '3.8'],
  ['maven', `\u001b[1mApache Maven 3.9.11 (3e54c93a704957b63ee3494413a2b544fd3d825b)\u001b[m\n${MAVEN}`, '3.9'],
  ['maven', `${OPTIONS}\n\u001b[1mApache Maven 3.8.7\u001b[m\n${MAVEN}`, '3.8'],
  ['maven', `Apache Maven 4.0.0-rc-4 (bed0f8174bf728978f86fac533aa38a9511f3872)\n${MAVEN}`, '4.0'],
  ['maven', `Maven-Ausgangsverzeichnis: /usr/share/maven\n`, undefined],
  ['java', OPENJDK_17, '17.0'],
  ['java', `${OPTIONS}\n${OPENJDK_17}`, '17.0'],
  ['java', `\u001b[32m${OPENJDK_17}\u001b[0m`, '17.0'],
  ['java', 'openjdk version "25" 2025-09-16\nOpenJDK Runtime Environment (build 25+36-3489)', '25'],
  ['java', 'openjdk version "21.0.8-ea" 2025-07-15\n', '21.0'],
  ['java', 'java version "1.8.0_402"\nJava(TM) SE Runtime Environment (build 1.8.0_402-b06)', '1.8'],
  ['go', 'go version go1.26.8 linux/amd64', '1.26'],
  ['go', 'go version go1.19.8 linux/amd64\n', '1.19'],
  ['go', '\u001b]8;;https://go.dev\u0007go version go1.24.8\u001b]8;;\u0007 linux/amd64', '1.24'],
  ['go', 'go: downloading go1.24.8 (linux/amd64)\ngo version go1.24.8 linux/amd64', '1.24'],
  ['postgres', 'postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)', '15.14'],
  ['postgres', 'postgres (PostgreSQL) 17beta1', '17'],
  ['postgres', '\u001b[1;31mpostgres\u001b[0m (PostgreSQL) 16.4', '16.4'],
  ['redis', 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=d81bf71ec9a6c4a2', '7.0'],
  ['redis', '\u001b[1mRedis server v=8.2.1\u001b[0m sha=00000000:0 malloc=libc bits=64', '8.2'],
  ['nginx', 'nginx version: nginx/1.22.1', '1.22'],
  ['nginx', 'nginx version: nginx/1.28.0 (Ubuntu)', '1.28'],
  ['nginx', '\u001b[33mnginx version: \u001b[1mnginx/1.22.1\u001b[0m', '1.22'],
  ['nginx', 'command not found', undefined],
]

it.each(outputs)('reads the version of %s out of %j as %s', (program, output, version) => {
  expect(versionIn(output, programNames[program])).toBe(version)
})

it('asks in a neutral environment, and gives what both streams hold whatever the exit code', async () => {
  vi.stubEnv('LC_ALL', 'de_DE.UTF-8')
  vi.stubEnv('GOTOOLCHAIN', 'go9.9.9')
  const output = await outputOf('sh', ['-c', 'echo $LC_ALL $NO_COLOR; echo $GOTOOLCHAIN >&2; exit 1'])
  vi.unstubAllEnvs()
  expect(output.split('\n').filter(Boolean)).toEqual(['C 1', 'local'])
})

it.each([
  ['15.0', '15', 0],
  ['17.9', '15', 2],
  ['1.9', '1.22', -13],
  ['1.100', '1.22', 78],
  ['25', '17.1', 8],
  ['17', '17.1', -1],
])('compares %s with the bound %s number by number', (version, bound, difference) => {
  expect(compareVersions(version, bound)).toBe(difference)
})
