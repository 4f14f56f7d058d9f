interface CheckInsTable {
  id: string
  registration_id: string
  event_id: string
  scanned_by: string
  at: Date
}

export interface CheckInTables {
  check_ins: CheckInsTable
}
