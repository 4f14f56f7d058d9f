/** Whoever calls: nobody signed in, each role, and the two statuses. */
export const callers = [
  'anonymous',
  'authenticated',
  'organizer',
  'professional',
  'manager',
  'admin',
  'operator',
] as const

export type CallerKind = (typeof callers)[number]

const everybody = [...callers]
const signedIn = callers.filter((caller) => caller !== 'anonymous')
const proposers = ['organizer', 'professional', 'manager', 'admin'] as const
const staff = ['manager', 'admin'] as const
const admins = ['admin'] as const

/**
 * Who may use each operation of the API, as the product says it: written down apart from the code that decides it, so that a
 * slip in either is seen. An operation that is not here fails the test.
 */
export const whoMay: Record<string, readonly CallerKind[]> = {
  registerUser: everybody,
  showVerification: everybody,
  verifyEmail: everybody,
  resendVerification: everybody,
  showConfirmation: everybody,
  confirmEmail: everybody,
  login: everybody,
  issueToken: everybody,
  refresh: everybody,
  forgotPassword: everybody,
  showReset: everybody,
  resetPassword: everybody,
  showSetPassword: everybody,
  setPassword: everybody,
  showUnlock: everybody,
  unlockAccount: everybody,
  getPublicProfile: everybody,
  getProfileQr: everybody,
  getJwks: everybody,
  getDiscovery: everybody,
  listEvents: everybody,
  getEvent: everybody,
  showTicket: everybody,
  getEventCalendar: everybody,
  getEventsCalendar: everybody,
  listCategories: everybody,
  listTags: everybody,

  getMe: signedIn,
  getOwnProfile: signedIn,
  updateOwnProfile: signedIn,
  deleteOwnAccount: signedIn,
  changeEmail: signedIn,
  changePassword: signedIn,
  listSessions: signedIn,
  endSession: signedIn,
  logout: signedIn,
  logoutEverywhere: signedIn,
  requestProfessional: signedIn,
  registerAttendee: signedIn,
  getRegistration: signedIn,
  listOwnRegistrations: signedIn,
  cancelRegistration: signedIn,
  getTicketImage: signedIn,
  getRegistrationCalendar: signedIn,

  createEvent: proposers,
  listManagedEvents: proposers,
  updateEvent: proposers,
  submitEvent: proposers,
  listWaiting: proposers,
  verifyTicket: proposers,
  walkIn: proposers,
  listAttendees: proposers,
  exportAttendeesCsv: proposers,
  exportAttendeesXlsx: proposers,
  getEventStats: proposers,
  undoCheckIn: proposers,
  listScans: proposers,
  cancelEvent: proposers,
  deleteEvent: proposers,

  listPendingEvents: staff,
  approveEvent: staff,
  rejectEvent: staff,

  listUsers: staff,
  createUser: staff,
  getUser: staff,
  updateUser: staff,
  deleteUser: staff,
  lockUser: staff,
  unlockUser: staff,
  listProfessionalRequests: staff,
  grantRequest: staff,
  declineRequest: staff,
  grantProfessional: staff,
  withdrawProfessional: staff,

  addCategory: admins,
  removeCategory: admins,
  changeRole: admins,
  setOperator: admins,
  listAudit: admins,
}
