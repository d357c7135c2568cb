import { z } from 'zod'
import { AwsTime } from '../read/aws-reply.ts'

/** The fields of IAM Roles Anywhere that are used. Certificates are public; of them only digest, names and end are kept. */
const text = z.string().max(2048)
const maybe = text.optional().catch(undefined)
const flag = z.boolean().optional().catch(undefined)
const certificates = z.string().max(100_000).optional().catch(undefined)

export const TrustAnchor = z.object({
  trustAnchorArn: text,
  name: maybe,
  enabled: flag,
  createdAt: AwsTime,
  updatedAt: AwsTime,
  source: z
    .object({
      sourceType: maybe,
      sourceData: z.object({ acmPcaArn: maybe, x509CertificateData: certificates }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})

export const Profile = z.object({
  profileArn: text,
  name: maybe,
  enabled: flag,
  createdAt: AwsTime,
  updatedAt: AwsTime,
  durationSeconds: z.number().optional().catch(undefined),
  roleArns: z.array(text).max(250).optional().catch(undefined),
  managedPolicyArns: z.array(text).max(50).optional().catch(undefined),
  /** Only whether there is one: its text may name anything. */
  sessionPolicy: z
    .unknown()
    .default(null)
    .transform((policy) => typeof policy === 'string' && policy !== ''),
})

const Credential = z.object({
  serialNumber: maybe,
  issuer: maybe,
  enabled: flag,
  failed: flag,
  seenAt: AwsTime,
  x509CertificateData: certificates,
})

export const Subject = z.object({
  subjectArn: text,
  x509Subject: maybe,
  enabled: flag,
  createdAt: AwsTime,
  lastSeenAt: AwsTime,
  credentials: z.array(Credential).max(1000).optional().catch(undefined),
})
export type Subject = z.infer<typeof Subject>

export const Crl = z.object({ crlArn: text, enabled: flag, trustAnchorArn: maybe })
