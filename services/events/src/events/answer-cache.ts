import { addMilliseconds, type Clock, seconds } from '@rollcall/runtime/clock'
import { LRUCache } from 'lru-cache'
import type { Changes } from './changes.ts'

/** An answer to everybody who is not signed in, with the tag that tells its state. */
export interface Kept<Body> {
  etag: string
  body: Body
  /** Characters of its JSON. */
  size: number
}

export interface AnswerCache {
  /** What `make` gives, or gave since the last change. */
  get<Body>(key: string, make: () => Promise<Kept<Body>>): Promise<Kept<Body>>
}

const MOST_CHARACTERS = 16 * 1024 * 1024

/**
 * A change ends what is kept at once, in every process. This is for what it cannot tell of: a process that was killed
 * between its commit and telling the others.
 */
const LONGEST_MS = seconds(1)

/** Keeps answers until something changes; those who ask for the same meanwhile share one. */
export function createAnswerCache(changes: Pick<Changes, 'generation'>, clock: Clock): AnswerCache {
  const kept = new LRUCache<string, { generation: number; answer: Kept<unknown>; until: Date }>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ answer }) => answer.size,
  })
  const underway = new Map<string, Promise<Kept<unknown>>>()

  async function makeAndKeep(key: string, generation: number, make: () => Promise<Kept<unknown>>) {
    const until = addMilliseconds(clock.now(), LONGEST_MS)
    const answer = await make()
    // What has changed meanwhile may or may not be in it.
    if (changes.generation() === generation) kept.set(key, { generation, answer, until })
    return answer
  }

  return {
    async get<Body>(key: string, make: () => Promise<Kept<Body>>) {
      const generation = changes.generation()
      if (generation === undefined) return make()
      const found = kept.get(key)
      if (found?.generation === generation && clock.now() < found.until) return found.answer as Kept<Body>
      const sharedKey = `${generation} ${key}`
      const shared = underway.get(sharedKey) ?? makeAndKeep(key, generation, make)
      underway.set(sharedKey, shared)
      try {
        return (await shared) as Kept<Body>
      } finally {
        underway.delete(sharedKey)
      }
    },
  }
}
