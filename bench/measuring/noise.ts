const STEPS = 80_000_000

/**
 * Milliseconds of a fixed calculation. Timed beside each window, it tells how much of the machine others took: figures of
 * a run in which it varies say little.
 */
export function timeFixedCalculation(): number {
  const began = performance.now()
  let state = 1
  for (let step = 0; step < STEPS; step += 1) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
  if (state === 0) throw new RangeError('a generator of full period came to 0 too soon')
  return performance.now() - began
}
