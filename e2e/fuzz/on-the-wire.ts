import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'

export interface WireBody {
  body: Buffer
  /** Beside the media type: what the bytes are said to be. */
  encoding?: string
  charset?: string
}

const encoders: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  identity: (bytes) => bytes,
}

/** Names of encodings and character sets, ours and those that are none. */
const encodingName = fc.constantFrom(...Object.keys(encoders), 'GZIP', 'zstd', 'compress', 'gzip, gzip', 'x', '*')
const charsetName = fc.constantFrom('utf-8', 'UTF8', '"utf-8"', 'utf-7', 'utf-16', 'utf-16le', 'iso-8859-1', 'x', '')

/** Overlong forms, surrogates as bytes, a cut sequence, Latin 1, a mark of the byte order. */
const oddBytes = fc.constantFrom(
  ...['c0af', 'e080af', 'eda080', 'e282', 'e9', 'fffe', 'feff', 'efbbbf', '00', 'f8808080af'].map((hex) =>
    Buffer.from(hex, 'hex'),
  ),
)

/** A text as bytes: as it is, encoded, cut, foreign to what it is said to be, in another character set, or only bytes. */
export function onTheWire(text: fc.Arbitrary<string>): fc.Arbitrary<WireBody> {
  const plain = text.map((it) => ({ body: Buffer.from(it) }))
  const encoded = fc.tuple(text, fc.constantFrom(...Object.keys(encoders)), fc.nat(20)).map(([it, encoding, cut]) => {
    const bytes = encoders[encoding]?.(Buffer.from(it)) ?? Buffer.alloc(0)
    return { body: bytes.subarray(0, bytes.length - Math.max(0, cut - 10)), encoding }
  })
  const foreign = fc.tuple(text, encodingName).map(([it, encoding]) => ({ body: Buffer.from(it), encoding }))
  const otherCharset = fc
    .tuple(text, charsetName, fc.constantFrom<BufferEncoding>('utf8', 'utf16le', 'latin1'))
    .map(([it, charset, written]) => ({ body: Buffer.from(it, written), charset }))
  const broken = fc.tuple(text, oddBytes, fc.nat(200)).map(([it, odd, place]) => {
    const bytes = Buffer.from(it)
    return { body: Buffer.concat([bytes.subarray(0, place), odd, bytes.subarray(place)]) }
  })
  const raw = fc
    .tuple(fc.uint8Array({ maxLength: 300 }), fc.option(encodingName, { nil: undefined }))
    .map(([bytes, encoding]) => ({ body: Buffer.from(bytes), ...(encoding === undefined ? {} : { encoding }) }))
  return fc.oneof(
    { weight: 8, arbitrary: plain },
    ...[encoded, foreign, otherCharset, broken, raw].map((arbitrary) => ({ weight: 1, arbitrary })),
  )
}
