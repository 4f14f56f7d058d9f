import { whyNoContainers } from '@rollcall/engines/docker'
import type { Progress } from '@rollcall/engines/progress'
import { BadSetting, type EnginesChoice } from './settings.ts'

/**
 * Whether the engines run in containers: where a Docker daemon answers and has, or can fetch, their images.
 *
 * @throws BadSetting when containers were asked for and cannot be had.
 */
export async function useContainers(choice: EnginesChoice, progress: Progress): Promise<boolean> {
  if (choice === 'native') return false
  const problem = await whyNoContainers(progress)
  if (!problem) return true
  if (choice === 'docker') throw new BadSetting(`ROLLCALL_ENGINES is docker, but ${problem}.`)
  progress.say(`The engines run natively: ${problem}.`)
  return false
}
