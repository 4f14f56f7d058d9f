import type { Route } from '@rollcall/http/operation'
import { type AccountRouteDeps, accountRoutes } from './accounts/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { type LockoutRouteDeps, lockoutRoutes } from './lockouts/routes.ts'
import { operatorRoutes } from './operators/routes.ts'
import { type ProfileRouteDeps, profileRoutes } from './profiles/routes.ts'
import { type RecoveryRouteDeps, recoveryRoutes } from './recovery/routes.ts'
import type { ChangeRoleDeps } from './roles/change-role.ts'
import { roleRoutes } from './roles/routes.ts'
import { sessionRoutes } from './sessions/routes.ts'
import type { SignInDeps } from './sessions/sign-in.ts'
import { type VerificationRouteDeps, verificationRoutes } from './verification/routes.ts'

export interface UsersHttpDeps
  extends Omit<AccountRouteDeps, 'verification'>,
    SignInDeps,
    ChangeRoleDeps,
    RecoveryRouteDeps,
    LockoutRouteDeps,
    ProfileRouteDeps,
    VerificationRouteDeps {}

export function usersRoutes(deps: UsersHttpDeps): Route[] {
  const { signer, publicUrl } = deps
  return [
    ...accountRoutes(deps),
    ...verificationRoutes(deps),
    ...sessionRoutes(deps),
    ...recoveryRoutes(deps),
    ...lockoutRoutes(deps),
    ...profileRoutes(deps),
    ...keyRoutes({ ...signer, publicUrl }),
    ...roleRoutes(deps),
    ...operatorRoutes(deps),
  ]
}
