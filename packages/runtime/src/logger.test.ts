import { expect, it } from 'vitest'
import { createLogger } from './logger.ts'

function capture() {
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  return { lines, log: createLogger({ service: 'users', level: 'info', destination }) }
}

it('S45: writes one JSON object a line, also for text with line breaks', () => {
  const { lines, log } = capture()
  log.info({ title: 'a\r\n{"level":"fatal"}' }, 'two\nlines')
  expect(lines).toMatchObject([{ level: 'info', service: 'users', title: 'a\r\n{"level":"fatal"}', msg: 'two\nlines' }])
})

it('redacts secrets wherever they stand', () => {
  const { lines, log } = capture()
  log.info(
    { password: 'p', body: { token: 't' }, req: { headers: { authorization: 'Bearer x' } }, user: { email: 'e' } },
    'x',
  )
  expect(JSON.stringify(lines)).not.toMatch(/"(p|t|Bearer x|e)"/)
  expect(lines[0]).toMatchObject({ password: '[redacted]', body: { token: '[redacted]' } })
})

it('tells of a database error what happened, not whose row it was', () => {
  const { lines, log } = capture()
  const taken = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (email)=(ada@example.org) exists',
  })
  log.info({ err: taken }, 'x')
  expect(lines[0]).toMatchObject({ err: { message: 'duplicate key', code: '23505', stack: expect.any(String) } })
  expect(JSON.stringify(lines)).not.toContain('ada@')
})
