import type { Progress } from './progress.ts'
import { runCommand } from './run-command.ts'
import { images } from './versions.ts'

const DOCKER_ANSWERS_WITHIN_MS = 10_000

/** What keeps the engines out of containers; undefined where a Docker daemon answers and has, or can fetch, their images. */
export async function whyNoContainers(progress: Progress): Promise<string | undefined> {
  if (!(await succeeds('docker', ['info']))) return 'no Docker daemon answers'
  const wanted = Object.values(images)
  const present = await Promise.all(wanted.map((image) => succeeds('docker', ['image', 'inspect', image])))
  const missing = wanted.filter((_image, index) => !present[index])
  if (missing.length === 0) return undefined
  const pull = () => Promise.all(missing.map((image) => runCommand({ command: 'docker', args: ['pull', '-q', image] })))
  return progress.step('fetching the images of the engines', pull).then(
    () => undefined,
    () => 'the Docker daemon cannot fetch their images',
  )
}

/** A daemon that does not answer at all, such as one behind a DOCKER_HOST that is away, is none. */
export async function succeeds(command: string, args: string[]): Promise<boolean> {
  return runCommand({ command, args, timeoutMs: DOCKER_ANSWERS_WITHIN_MS }).then(
    () => true,
    () => false,
  )
}
