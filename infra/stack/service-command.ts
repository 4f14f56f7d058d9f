/**
 * How a service's Node uses memory; the image says the same. Left alone, V8 takes what a large machine has to offer: 134 MB of
 * young objects a thread and an old space of several times what is alive. So bounded, over 100 000 registrations the events
 * service takes 301 MB instead of 791, for about one part in twenty of its processor time (bench/RESULTS.md).
 */
export const nodeOptions = ['--max-semi-space-size=8', '--heap-growing-percent=40'] as const

/** Two arenas of malloc instead of eight a core: threads that come and go leave less behind. */
export const memoryEnvironment = { MALLOC_ARENA_MAX: '2' } as const
