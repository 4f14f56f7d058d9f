/** Something to do, and what has to be done before it. */
export interface Step {
  needs: string[]
  run(): Promise<void>
}

/**
 * Begins every step as soon as what it needs is done, and settles when all are done. What needs a step that has failed is
 * never begun.
 *
 * @throws what the first step that failed has thrown.
 * @throws at once where a step needs one that there is not, or, over others, itself.
 */
export async function runInOrder(steps: ReadonlyMap<string, Step>): Promise<void> {
  const begun = new Map<string, Promise<void>>()
  function begin(name: string, waiting: string[]): Promise<void> {
    const step = steps.get(name)
    if (!step) throw new Error(`there is no step ${name}, which ${waiting.at(-1)} needs`)
    if (waiting.includes(name)) throw new Error(`${[...waiting, name].join(' needs ')}`)
    const known = begun.get(name)
    if (known) return known
    const needed = step.needs.map((need) => begin(need, [...waiting, name]))
    const done = Promise.all(needed).then(() => step.run())
    begun.set(name, done)
    return done
  }
  await Promise.all([...steps.keys()].map((name) => begin(name, [])))
}
