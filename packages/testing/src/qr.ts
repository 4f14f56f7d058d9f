import jsQR from 'jsqr'
import { PNG } from 'pngjs'

/**
 * The text of the QR code in a PNG, read from its pixels as a phone does.
 *
 * @throws {Error} when the image holds no readable code.
 */
export function readQr(png: Buffer): string {
  const { data, width, height } = PNG.sync.read(png)
  const code = jsQR.default(new Uint8ClampedArray(data), width, height)
  if (!code) throw new Error(`no QR code in a picture of ${width} x ${height} pixels`)
  return code.data
}
