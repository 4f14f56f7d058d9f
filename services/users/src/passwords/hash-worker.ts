import { compareSync, hashSync } from 'bcrypt'

export type HashTask =
  | { kind: 'hash'; input: string; cost: number }
  | { kind: 'compare'; input: string; bcryptHash: string }

/** Runs in a worker thread, where blocking is the point. */
export default function run(task: HashTask): string | boolean {
  return task.kind === 'hash' ? hashSync(task.input, task.cost) : compareSync(task.input, task.bcryptHash)
}
