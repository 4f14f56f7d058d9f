import { Transform } from 'node:stream'

/**
 * Passes a message on and keeps its end back until `beforeDot` is done: whoever reads the ledger then knows that the
 * final dot may be out. When `beforeDot` fails, the message fails and the dot never leaves.
 *
 * A message ends here before the server has been asked for anything, since nodemailer reads a short one at once: `agreed`
 * is when the server takes it. Until then a dot cannot be out, and the ledger does not say that it may be.
 */
export function holdFinalDot(agreed: Promise<void>, beforeDot: () => Promise<void>): Transform {
  return new Transform({
    transform(chunk, _encoding, done) {
      done(null, chunk)
    },
    flush(done) {
      agreed.then(beforeDot).then(() => done(), done)
    },
  })
}
