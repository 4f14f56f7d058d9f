import { compareSync, getRounds, hashSync } from 'bcrypt'

export type HashTask =
  | { kind: 'hash'; input: string; cost: number }
  /** `cost`: the work that the comparison takes in all, also where the hash is of a lower one. */
  | { kind: 'compare'; input: string; bcryptHash: string; cost: number }

/** What came out, and how long the work itself took, without the wait for a worker. */
export interface HashDone {
  result: string | boolean
  seconds: number
}

/** Runs in a worker thread, where blocking is the point. */
export default function run(task: HashTask): HashDone {
  const startedAt = performance.now()
  const result = work(task)
  return { result, seconds: (performance.now() - startedAt) / 1000 }
}

function work(task: HashTask): string | boolean {
  if (task.kind === 'hash') return hashSync(task.input, task.cost)
  const equal = compareSync(task.input, task.bcryptHash)
  // bcrypt's work doubles with each cost: a hash of each one from the stored to the present makes up the difference, so
  // that the time does not tell of an account that has not signed in for long.
  for (let cost = getRounds(task.bcryptHash); cost < task.cost; cost += 1) hashSync(task.input, cost)
  return equal
}
