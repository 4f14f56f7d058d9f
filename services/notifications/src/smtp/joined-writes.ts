import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import type { GetSocketCallback, GetSocketOptions } from 'nodemailer/lib/mailer'

/** Where the URL names no port: that of submission, as nodemailer's own connections take it. */
const SUBMISSION_PORT = 587
/** Milliseconds for one of several addresses, before the next is tried. */
const ADDRESS_TIMEOUT_MS = 2000

/**
 * A message as one chunk: nodemailer makes one of every header block, line break and boundary, and each would be a write of
 * its own. It ends a message only when all of it is there, so nothing waits that would have left before.
 */
export function inOneChunk(): Transform {
  const chunks: Buffer[] = []
  return new Transform({
    transform(chunk, _encoding, done) {
      chunks.push(chunk)
      done()
    },
    flush(done) {
      done(null, Buffer.concat(chunks))
    },
  })
}

/**
 * For nodemailer's `getSocket`: a connection that sends what is written in one turn of the event loop as one segment, such
 * as a message and its final dot. What waits in between, as a dot does under `hold`, is a turn of its own.
 *
 * TLS from the start is left to nodemailer; after STARTTLS it writes past this socket's own methods.
 */
export function connectJoiningWrites(options: GetSocketOptions, done: GetSocketCallback): void {
  const { host, port = SUBMISSION_PORT, secure, connectionTimeout, localAddress } = options
  if (secure) {
    done(null, false)
    return
  }
  const to = { host: host ?? 'localhost', port: Number(port), noDelay: true, localAddress }
  const socket = joinWrites(connect({ ...to, autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS } as NetConnectOpts))
  const failed = (error: Error) => done(causeOf(error))
  const timedOut = () => socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }))
  socket.once('error', failed)
  socket.setTimeout(connectionTimeout, timedOut)
  socket.once('connect', () => {
    socket.setTimeout(0, timedOut)
    socket.removeListener('error', failed)
    done(null, { connection: socket })
  })
}

/** Of several addresses each has an error, which says what the system's call was; the one that joins them does not. */
function causeOf(error: Error): Error {
  return error instanceof AggregateError ? error.errors[0] : error
}

function joinWrites(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...of: unknown[]) => boolean
  let corked = false
  const uncork = () => {
    corked = false
    socket.uncork()
  }
  socket.write = (...of: unknown[]) => {
    if (!corked) {
      corked = true
      socket.cork()
      setImmediate(uncork)
    }
    return write(...of)
  }
  return socket
}
