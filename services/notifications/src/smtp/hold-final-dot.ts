import { Transform } from 'node:stream'

/**
 * Passes a message on and keeps its end back until `beforeDot` is done: whoever reads the ledger then knows that the
 * final dot may be out. When `beforeDot` fails, the message fails and the dot never leaves.
 */
export function holdFinalDot(beforeDot: () => Promise<void>): Transform {
  return new Transform({
    transform(chunk, _encoding, done) {
      done(null, chunk)
    },
    flush(done) {
      beforeDot().then(() => done(), done)
    },
  })
}
