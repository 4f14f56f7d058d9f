import { PNG } from 'pngjs'
import { toBuffer } from 'qrcode'
import { expect, it } from 'vitest'
import { readQr } from './qr.ts'

it('reads the text of a QR code', async () => {
  expect(readQr(await toBuffer('RC1.abc.def', { width: 300 }))).toBe('RC1.abc.def')
})

it('says that a picture holds no code', () => {
  expect(() => readQr(PNG.sync.write(new PNG({ width: 40, height: 40 })))).toThrow('no QR code')
})
