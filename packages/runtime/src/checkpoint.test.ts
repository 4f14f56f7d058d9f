import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const source = new URL('./checkpoint.ts', import.meta.url).href

/** A process that passes two checkpoints in turn; what it has said when it ended. */
function run(place: string | undefined) {
  const script = `
    import { killAt } from ${JSON.stringify(source)}
    const checkpoint = killAt(${JSON.stringify(place)})
    for (let round = 1; round <= 3; round += 1) {
      process.stdout.write(String(round))
      await checkpoint('first')
      await checkpoint('second')
    }`
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', script])
  return { rounds: stdout.toString(), signal }
}

it.each([
  ['first', '1', 'SIGKILL'],
  ['second:1', '1', 'SIGKILL'],
  ['second:3', '123', 'SIGKILL'],
  ['second:4', '123', null],
  ['third', '123', null],
  [undefined, '123', null],
])('ends its process at %s', (place, rounds, signal) => {
  expect(run(place)).toEqual({ rounds, signal })
})
