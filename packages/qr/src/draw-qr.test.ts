import { randomBytes } from 'node:crypto'
import { readQr } from '@rollcall/testing/qr'
import { expect, test } from 'vitest'
import { drawQr } from './draw-qr.ts'

test('draws codes that another reader reads, whatever they hold', () => {
  const codes = Array.from({ length: 60 }, () => `RC1.${randomBytes(96).toString('base64url')}`)
  expect(codes.map((code) => readQr(drawQr(code)))).toEqual(codes)
})

test('draws one bit a pixel: a picture small enough for a mail', () => {
  const png = drawQr(`RC1.${'A'.repeat(128)}`)
  const [bitDepth, colourType] = png.subarray(24, 26)
  expect({ bitDepth, colourType }).toEqual({ bitDepth: 1, colourType: 0 })
  expect(png.length).toBeLessThan(1000)
})
