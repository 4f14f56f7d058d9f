import { execFile } from 'node:child_process'
import { compareVersions, parseVersion, type Version, versionIn } from './program-version.ts'
import type { Progress } from './progress.ts'
import { installLine, MissingPrograms, type SystemNeed } from './system-need.ts'

/** Maven starts a Java to say its version, which takes seconds where other things start too. */
const ANSWER_WITHIN_MS = 30_000

/**
 * Sees that no program is too old. One that is newer than tested, or whose version cannot be read, is told in one line
 * and used: it mostly works, and a refusal never does.
 *
 * @throws MissingPrograms that names every program that is too old, and the line that helps.
 */
export async function checkVersions(needs: SystemNeed[], progress: Progress): Promise<void> {
  const verdicts = await Promise.all(needs.map(judge))
  for (const { note } of verdicts) if (note) progress.say(`  ${note}`)
  const old = verdicts.flatMap(({ tooOld }) => tooOld ?? [])
  if (old.length === 0) return
  const packages = verdicts.flatMap(({ tooOld }, index) => (tooOld ? [needs[index]?.debianPackage ?? ''] : []))
  throw new MissingPrograms([...old, installLine([...new Set(packages)])].join('\n'))
}

interface Verdict {
  note?: string
  tooOld?: string
}

async function judge({ what, find, debianPackage, versionArgs, names, versions }: SystemNeed): Promise<Verdict> {
  const path = find()
  if (!path) throw new MissingPrograms(`the package ${debianPackage} is installed but brought no ${what}`)
  const found = await versionOf(path, { versionArgs, names })
  if (!found) return { note: `${path} does not say which version of ${what} it is; going on with it` }
  const [lowest, newest] = versions
  const version = found.join('.')
  if (compareVersions(found, parseVersion(lowest)) < 0) {
    return { tooOld: `${path} is ${what} ${version}; Rollcall needs ${lowest} or newer, found before it in PATH.` }
  }
  if (compareVersions(found, parseVersion(newest)) <= 0) return {}
  return {
    note: `${path} is ${what} ${version}, newer than the ${newest} that Rollcall is tested with; going on with it`,
  }
}

/** What the program says of itself on either stream, whatever its exit code; undefined where that cannot be read. */
export async function versionOf(
  program: string,
  { versionArgs, names }: Pick<SystemNeed, 'versionArgs' | 'names'>,
): Promise<Version | undefined> {
  // A neutral environment spares most noise; what is printed all the same, `versionIn` reads past.
  const env = { ...process.env, LC_ALL: 'C', TERM: 'dumb', NO_COLOR: '1', GOTOOLCHAIN: 'local' }
  const options = { env, cwd: '/', timeout: ANSWER_WITHIN_MS }
  return new Promise((resolve) => {
    execFile(program, versionArgs, options, (_error, stdout, stderr) => {
      // `nginx -v` and `java -version` answer on the error stream.
      resolve(versionIn(`${stdout}\n${stderr}`, names))
    })
  })
}
