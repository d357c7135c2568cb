/** One key, two consumers, one of them through a vault; enough for every route to answer. */
export const smallBundle = JSON.stringify({
  format: 'keyfall.bundle/1',
  scope: 'harbour',
  entities: [
    {
      id: 'aws:key:AKIAEXAMPLEHARBOUR01',
      kind: 'aws.iam_access_key',
      name: 'AKIAEXAMPLEHARBOUR01',
      aliases: ['harbour-key'],
    },
    { id: 'job:nightly', role: 'workload', name: 'nightly-invoices' },
    { id: 'app:quay', role: 'workload', name: 'quay-api' },
    { id: 'vault:quay', role: 'secret', name: 'secret/quay' },
    { id: 'system:billing', role: 'system', name: 'Billing' },
  ],
  relationships: [
    { kind: 'HOLDS', from: 'vault:quay', to: 'aws:key:AKIAEXAMPLEHARBOUR01' },
    { kind: 'USES_SECRET', from: 'app:quay', to: 'vault:quay' },
    { kind: 'USES_CREDENTIAL', from: 'job:nightly', to: 'aws:key:AKIAEXAMPLEHARBOUR01', cadence: 86400 },
    { kind: 'DEPENDS_ON', from: 'system:billing', to: 'job:nightly' },
  ],
})
export const smallKey = 'aws:key:AKIAEXAMPLEHARBOUR01'
