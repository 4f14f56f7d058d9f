import { Readable } from 'node:stream'
import { ok, okWith, streamed } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { unauthenticated } from '@rollcall/http/refusals'
import { drawQr } from '@rollcall/qr/draw-qr'
import type { Kysely } from 'kysely'
import { findUser } from '../accounts/queries.ts'
import { toUserResource, userEtag } from '../accounts/user-resource.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { profilesApi } from './api.ts'
import { findPublicProfile, toPublicProfile } from './public-profile.ts'
import { type UpdateProfileDeps, updateProfile } from './update-profile.ts'

export interface ProfileRouteDeps extends UpdateProfileDeps {
  db: Kysely<UsersDatabase>
  publicUrl: string
}

const owner = { kind: 'owner' } as const

export function profileRoutes(deps: ProfileRouteDeps): Route[] {
  const { db, publicUrl } = deps
  return implement(profilesApi, {
    async getOwnProfile({ caller }) {
      const user = await findUser(db, caller.id)
      if (!user) throw unauthenticated('the account does not exist any more')
      return okWith({ etag: userEtag(user) }, toUserResource(user, owner))
    },
    async updateOwnProfile({ caller: { id }, body: profile, headers }) {
      const user = await updateProfile(deps, {
        userId: id,
        by: owner,
        actorId: id,
        ifMatch: headers['if-match'],
        profile,
      })
      return okWith({ etag: userEtag(user) }, toUserResource(user, owner))
    },
    async getPublicProfile({ params }) {
      return ok(toPublicProfile(await findPublicProfile(db, params.nickname)))
    },
    async getProfileQr({ params }) {
      const { nickname } = await findPublicProfile(db, params.nickname)
      const png = drawQr(`${publicUrl}/u/${nickname}`)
      return streamed({ 'content-type': 'image/png', 'content-length': String(png.length) }, Readable.from([png]))
    },
  })
}
