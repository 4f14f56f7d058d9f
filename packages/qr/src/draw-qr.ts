import { encode } from 'fast-png'
import { create, type QRCodeMaskPattern } from 'qrcode'

/** Pixels a module: every phone reads it from a screen. */
const SCALE = 4
/** Modules of white around it, as ISO/IEC 18004 wants. */
const QUIET_ZONE = 4

/**
 * Every reader takes every mask; the standard's search for the one with the fewest patterns takes six times as long as
 * all the rest, and finds nothing in text that looks random.
 */
const MASK: QRCodeMaskPattern = 3

/** A QR code of error correction level M as a PNG, black on white with one bit a pixel. */
export function drawQr(text: string): Buffer {
  // Told that it is one segment of bytes, as the search for a shorter mix of modes would cost more than drawing it.
  const segment = { data: Buffer.from(text), mode: 'byte' as const }
  const { modules } = create([segment], { errorCorrectionLevel: 'M', maskPattern: MASK })
  const side = (modules.size + 2 * QUIET_ZONE) * SCALE
  const bytesALine = Math.ceil(side / 8)
  const data = new Uint8Array(bytesALine * side).fill(0xff)
  for (let row = 0; row < modules.size; row += 1) {
    const first = (row + QUIET_ZONE) * SCALE
    const line = data.subarray(first * bytesALine, (first + 1) * bytesALine)
    blacken(line, (column) => modules.get(row, column) === 1, modules.size)
    for (let copy = 1; copy < SCALE; copy += 1) data.set(line, (first + copy) * bytesALine)
  }
  const png = encode({ width: side, height: side, data, depth: 1, channels: 1 }, { zlib: { level: 3 } })
  return Buffer.from(png.buffer, png.byteOffset, png.byteLength)
}

function blacken(line: Uint8Array, isBlack: (column: number) => boolean, columns: number): void {
  for (let column = 0; column < columns; column += 1) {
    if (!isBlack(column)) continue
    const first = (column + QUIET_ZONE) * SCALE
    for (let x = first; x < first + SCALE; x += 1) line[x >> 3] = (line[x >> 3] ?? 0) & ~(0x80 >> (x & 7))
  }
}
