export interface ProfessionalRequestsTable {
  id: string
  user_id: string
  requested_at: Date
  decided_at: Date | null
  decision: 'granted' | 'declined' | null
  decided_by: string | null
}

export interface ProfessionalTables {
  professional_requests: ProfessionalRequestsTable
}
