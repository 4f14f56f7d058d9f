import { marked } from 'marked'
import { expect, it } from 'vitest'
import { htmlToText } from './html-text.ts'

const textOf = (markdown: string) => htmlToText(marked.parse(markdown, { async: false, gfm: true }))

it.each([
  ['# A heading\n\nText', 'A heading\n\nText'],
  ['with *some* **emphasis** and ~~more~~', 'with some emphasis and more'],
  ['[a link](https://x.test/a?b=c&d)', 'a link: https://x.test/a?b=c&d'],
  ['<https://x.test/a?b=c&d>', 'https://x.test/a?b=c&d'],
  ['[**bold** link](https://x.test)', 'bold link: https://x.test'],
  ['[\ue000url\ue001](\ue000url\ue001)', '\ue000url\ue001'],
  ['![a picture](cid:x)', '[a picture]'],
  ['- one\n- **two**', '- one\n- two'],
  ['1. one\n2. two\n3. three', ' 1. one\n 2. two\n 3. three'],
  ['3. three\n4. four', ' 3. three\n 4. four'],
  ['- one\n  - deep\n  - deeper\n- two', '- one\n  - deep\n  - deeper\n- two'],
  ['1. one\n   - inner\n2. two', ' 1. one\n    - inner\n 2. two'],
  ['1. one\n   1. inner\n   2. more\n2. two', ' 1. one\n    1. inner\n    2. more\n 2. two'],
  ['> quoted', '> quoted'],
  ['one  \ntwo', 'one\ntwo'],
  ['`code` & more < less', 'code & more < less'],
  ['\ue000name\ue001 stays a mark', '\ue000name\ue001 stays a mark'],
])('turns %j into %j', (markdown, text) => {
  expect(textOf(markdown).replace(/ +$/gm, '')).toBe(text)
})

it('breaks no line, however long', () => {
  const line = 'word '.repeat(200).trim()
  expect(textOf(line)).toBe(line)
})
