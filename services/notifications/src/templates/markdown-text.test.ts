import { expect, it } from 'vitest'
import { markdownToText } from './markdown-text.ts'

it.each([
  ['# A heading\n\nText', 'A heading\n\nText'],
  ['with *some* **emphasis** and ~~more~~', 'with some emphasis and more'],
  ['[a link](https://x.test/a?b=c&d)', 'a link: https://x.test/a?b=c&d'],
  ['![a picture](cid:x)', '[a picture]'],
  ['- one\n- **two**', '- one\n- two'],
  ['> quoted', '> quoted'],
  ['one  \ntwo', 'one\ntwo'],
  ['`code`', '`code`'],
  ['---', '---'],
])('turns %j into %j', (markdown, text) => {
  expect(markdownToText(markdown)).toBe(text)
})
