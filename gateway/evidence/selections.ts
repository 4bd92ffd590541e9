// Selections of values that stand at many places of the graph. Written out and no fragments, so that each path of an answer
// is one path of its question.

export const ORIGIN = '{ source { id kind title } fetchedAt ageSeconds stale }'
export const GAP = '{ source reason message count }'
export const LINK = '{ method confidence evidence }'
export const PAGE = '{ hasNextPage endCursor }'
export const CLAIM = '{ name kind evidence }'
export const TAG = '{ key value }'
export const TENSOR = '{ name dataType shape optional }'
export const QUALITY = `{ status passed failed unknown lastRunAt checks { name column status message ranAt } incomplete ${GAP} }`
export const METRIC = '{ name value text step recordedAt dataset }'

/** What a rule says, with the words and the hash of the rule. */
export const JUDGED = `{
        rule { id title description why appliesTo severity remedy clauses hash }
        subject outcome severity message asOf waivedUntil waivedBy waivedReason
        evidence { path value source fetchedAt }
        incomplete ${GAP}
      }`

export const ALERT = `{
            id name severity state summary startedAt inhibited webUrl
            silences { comment createdBy startsAt endsAt }
            provenance ${ORIGIN}
          }`

export const CI_RUN = `{
          id name status event branch actor createdAt startedAt endedAt durationSeconds webUrl
          provenance ${ORIGIN}
        }`

export const ATTESTATION =
  '{ id subjectId kind statement by byName independent independenceEvidence at expiresAt evidenceUrl revokedAt revokedBy revocationReason }'

export const WAIVER = '{ id subjectId policy reason by byName at expiresAt revokedAt revokedBy revocationReason }'

export const COMPLIANCE = `{
      status summary passed failed unknown waived asOf
      findings ${JUDGED}
      incomplete ${GAP}
    }`
