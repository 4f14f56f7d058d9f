import { chmod, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cached, cachePath, isCached } from './cache.ts'
import type { Engine } from './engine.ts'
import { countPackages } from './go-progress.ts'
import { launch } from './launch.ts'
import { programNames } from './program-names.ts'
import { compareVersions, outputOf, versionIn } from './program-version.ts'
import type { Progress } from './progress.ts'
import { runCommand } from './run-command.ts'
import { findProgram, type SystemNeed } from './system-packages.ts'
import { images, versions } from './versions.ts'

const CACHE_KEY = `minio-${versions.minio}-${process.platform}-${process.arch}`
const GO_ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

const executable = () => join(cachePath(CACHE_KEY), 'minio')

/** Only the first build needs it. */
const go: SystemNeed = {
  what: 'Go',
  debianPackage: 'golang-go',
  find: () => findProgram('go'),
  version: { args: ['version'], name: programNames.go, tested: ['1.19', '1.26'] },
}

export const minio: Engine = {
  name: 'minio',
  needs: () => (isCached(CACHE_KEY) ? [] : [go]),

  async ensure(progress) {
    if (isCached(CACHE_KEY)) return
    const compiler = await compilerFor(progress)
    await progress.step('building MinIO from source (1 to 5 minutes, only the first time)', (tell) =>
      cached(CACHE_KEY, (folder) => build(compiler, { folder, tell })),
    )
  },

  async start({ port, folder, credentials: { user, password } }) {
    const data = join(folder, 'data')
    await mkdir(data, { recursive: true })
    return launch({
      name: 'minio',
      command: executable(),
      args: ['server', data, '--address', `127.0.0.1:${port}`, '--quiet'],
      environment: {
        PATH: process.env['PATH'],
        HOME: folder,
        ...settings(user, password),
      },
      logFile: join(folder, 'minio.log'),
      workingFolder: folder,
      stopWithinMs: 10_000,
    })
  },

  async ready({ port }) {
    const answer = await fetch(`http://127.0.0.1:${port}/minio/health/ready`, { signal: AbortSignal.timeout(2000) })
    if (!answer.ok) throw new Error(`MinIO answered ${answer.status}`)
  },

  container: ({ credentials: { user, password } }) => ({
    image: images.minio,
    port: 9000,
    environment: settings(user, password),
    command: ['server', '/data', '--quiet'],
  }),
}

/**
 * The same natively and in a container. MinIO looks through all objects again and again, for quotas and rules of expiry that
 * nobody has set: with twenty thousand tickets that took a tenth of a core.
 */
function settings(user: string, password: string): Record<string, string> {
  const secrets = { MINIO_ROOT_USER: user, MINIO_ROOT_PASSWORD: password }
  return { ...secrets, MINIO_BROWSER: 'off', MINIO_UPDATE: 'off', MINIO_SCANNER_SPEED: 'slowest' }
}

/** The system's Go where it is new enough, otherwise the toolchain that the module proxy serves, which is a whole Go. */
async function compilerFor(progress: Progress): Promise<string> {
  const systemGo = findProgram('go') as string
  const found = versionIn(await outputOf(systemGo, ['version']), programNames.go)
  if (found !== undefined && compareVersions(found, versions.go.split('.', 2).join('.')) >= 0) return systemGo
  const key = `go-${versions.go}-${process.platform}-${process.arch}`
  const fetchToolchain = () => cached(key, (folder) => copyToolchain(systemGo, folder))
  const folder = isCached(key)
    ? cachePath(key)
    : await progress.step(`fetching Go ${versions.go} (75 MB), as the system's is too old for MinIO`, fetchToolchain)
  return join(folder, 'bin', 'go')
}

async function copyToolchain(systemGo: string, folder: string): Promise<void> {
  const target = `${process.platform}-${GO_ARCHITECTURES[process.arch] ?? process.arch}`
  const module = `golang.org/toolchain@v0.0.1-go${versions.go}.${target}`
  const args = ['mod', 'download', '-json', module]
  const download = { command: systemGo, args, environment: goEnvironment(), workingFolder: folder }
  const { Dir } = JSON.parse(await runCommand(download)) as { Dir: string }
  // Modules are read-only and have no executables; the copy gets both back.
  await runCommand({ command: 'cp', args: ['-r', `${Dir}/.`, folder] })
  await runCommand({ command: 'chmod', args: ['-R', 'u+w', folder] })
  for (const tools of ['bin', `pkg/tool/${target.replace('-', '_')}`]) {
    for (const name of await readdir(join(folder, tools))) await chmod(join(folder, tools, name), 0o755)
  }
}

/** What somebody has set for projects of their own (flags, a workspace, another target) is not meant for this one. */
function goEnvironment(): NodeJS.ProcessEnv {
  const { GOOS: _system, GOARCH: _architecture, ...environment } = process.env
  return { ...environment, GOFLAGS: '', GOWORK: 'off', GO111MODULE: 'on', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' }
}

/** Without inlining and debug data it takes two thirds of the time, and serves a development as well. */
const QUICKLY = ['-trimpath', '-gcflags=all=-l -dwarf=false', '-ldflags=-s -w']

async function build(compiler: string, { folder, tell }: { folder: string; tell(detail: string): void }) {
  await runCommand({
    command: compiler,
    // `-v` names every package when it is compiled.
    args: ['install', '-v', ...QUICKLY, `github.com/minio/minio@${versions.minio}`],
    environment: { ...goEnvironment(), GOBIN: folder },
    workingFolder: folder,
    onNotice: countPackages(tell),
  })
}
