import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { linkParams } from '../links/api.ts'

export const unlockPath = '/auth/unlock/{userId}/{token}'

const StateSchema = z.object({ state: z.enum(['unlockable', 'unlocked']) }).meta({ id: 'UnlockState' })

export type UnlockState = z.infer<typeof StateSchema>['state']

export const lockoutsApi = defineApi({
  showUnlock: {
    method: 'get',
    path: unlockPath,
    summary: 'What the mailed link shows: a page with a button, or the state',
    tag: 'accounts',
    permission: 'public',
    params: linkParams,
    answers: { 200: { description: 'The link works; looking changed nothing', schema: StateSchema, html: true } },
    problems: ['InvalidToken'],
  },
  unlockAccount: {
    method: 'post',
    path: unlockPath,
    summary: 'End the lockout after failed sign-ins; this browser is not locked out again by what others try',
    tag: 'accounts',
    permission: 'public',
    params: linkParams,
    answers: {
      200: {
        description: 'Signing in is possible again',
        schema: StateSchema,
        html: true,
        headers: { 'Set-Cookie': 'Exempts this browser from lockouts that others cause' },
      },
    },
    problems: ['InvalidToken'],
  },
})
