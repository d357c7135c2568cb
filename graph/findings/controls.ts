/**
 * Controls that a finding answers to. OWASP Non-Human Identities Top 10 (2025); NIST CSF 2.0, where PR.AC-1 and PR.AC-4
 * of version 1.1 are PR.AA-01 and PR.AA-05; NIST AI RMF 1.0 functions; CSA MAESTRO layers; the tenets of SP 800-207.
 */
export const controls = {
  NHI1: { framework: 'OWASP NHI Top 10', title: 'Improper offboarding' },
  NHI2: { framework: 'OWASP NHI Top 10', title: 'Secret leakage' },
  NHI3: { framework: 'OWASP NHI Top 10', title: 'Vulnerable third-party NHI' },
  NHI4: { framework: 'OWASP NHI Top 10', title: 'Insecure authentication' },
  NHI5: { framework: 'OWASP NHI Top 10', title: 'Overprivileged NHI' },
  NHI6: { framework: 'OWASP NHI Top 10', title: 'Insecure cloud deployment configurations' },
  NHI7: { framework: 'OWASP NHI Top 10', title: 'Long-lived secrets' },
  NHI8: { framework: 'OWASP NHI Top 10', title: 'Environment isolation' },
  NHI9: { framework: 'OWASP NHI Top 10', title: 'NHI reuse' },
  NHI10: { framework: 'OWASP NHI Top 10', title: 'Human use of NHI' },
  'GV.OC-03': { framework: 'NIST CSF 2.0', title: 'Legal, regulatory and contractual requirements are understood' },
  'GV.OV': { framework: 'NIST CSF 2.0', title: 'Oversight of the cybersecurity risk strategy' },
  'GV.SC-05': { framework: 'NIST CSF 2.0', title: 'Requirements for suppliers are agreed' },
  'PR.AA-01': { framework: 'NIST CSF 2.0', title: 'Identities and credentials are managed (1.1: PR.AC-1)' },
  'PR.AA-05': { framework: 'NIST CSF 2.0', title: 'Access permissions are managed, least privilege (1.1: PR.AC-4)' },
  'DE.CM-03': { framework: 'NIST CSF 2.0', title: 'Use of services is monitored' },
  'AI RMF GOVERN 1.6': { framework: 'NIST AI RMF', title: 'AI systems are inventoried' },
  'AI RMF MANAGE 2.4': { framework: 'NIST AI RMF', title: 'AI systems can be superseded, disengaged or deactivated' },
  'MAESTRO L4': { framework: 'CSA MAESTRO', title: 'Deployment and infrastructure' },
  'MAESTRO L6': { framework: 'CSA MAESTRO', title: 'Security and compliance' },
  'ZT 3': { framework: 'NIST SP 800-207', title: 'Access is granted per session' },
  'ZT 5': { framework: 'NIST SP 800-207', title: 'The integrity of all assets is monitored' },
  'ZT 6': { framework: 'NIST SP 800-207', title: 'Authentication and authorization are dynamic and strictly enforced' },
  'ZT 7': { framework: 'NIST SP 800-207', title: 'As much as possible is collected about assets' },
} as const satisfies Record<string, { framework: string; title: string }>

export type ControlId = keyof typeof controls
