import { describe, expect, it } from 'vitest'
import { generateNickname, nicknameField } from './nickname.ts'

describe('a generated nickname', () => {
  it('R33: is new for nearly all of thirty thousand, so that a sign-up is one insert', () => {
    const drawn = new Set(Array.from({ length: 30_000 }, generateNickname))
    // Of ten million names thirty thousand draws repeat 45 on average; 100 or more once in 10^12 runs.
    expect(drawn.size).toBeGreaterThan(30_000 - 100)
  })

  it('is one that could have been chosen, from adjective, animal and number', () => {
    for (let i = 0; i < 1000; i += 1) {
      const name = generateNickname()
      expect(nicknameField.parse(name)).toBe(name)
      expect(name).toMatch(/^[a-z]{3,10}-[a-z]{3,10}-\d{4}$/)
    }
  })
})

describe('a chosen nickname', () => {
  it.each([
    'ab',
    'a'.repeat(31),
    '1st',
    'with space',
    'ünder',
    'a/b',
    'ADMIN',
    'null',
    '',
    '   ',
    'a\u0000b',
    '😀😀😀',
  ])('is refused: %j', (name) => {
    expect(nicknameField.safeParse(name).success).toBe(false)
  })

  it.each(['abc', 'a'.repeat(30), 'Ada_L-1815', '  padded  '])('is taken: %j', (name) => {
    expect(nicknameField.parse(name)).toBe(name.trim())
  })
})
