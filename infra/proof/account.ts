import { runCommand } from '@rollcall/engines/run-command'
import { type Account, accountNamed, isRoot } from '@rollcall/engines/system-account'

export interface Person {
  /** Undefined for whoever runs this. */
  account: Account | undefined
  remove(): Promise<void>
}

const self: Person = { account: undefined, remove: async () => {} }

/** Somebody without root's rights: root makes an account for the while, anybody else is one. */
export async function normalUser(home: string): Promise<Person> {
  if (!isRoot()) return self
  const name = `rollcall-proof-${process.pid}`
  await runCommand({ command: '/usr/sbin/useradd', args: ['--no-create-home', '--home-dir', home, name] })
  const remove = async () => {
    await runCommand({ command: '/usr/sbin/userdel', args: [name] })
  }
  return { account: accountNamed(name), remove }
}

/** Whoever runs this. */
export async function ourselves(): Promise<Person> {
  return self
}
